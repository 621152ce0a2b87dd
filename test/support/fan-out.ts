import type { Orchestration, RunOf, StartOptions } from '../../src/client.js';
import type { Reply } from '../../src/testing/index.js';
import { openStage } from './stage.js';
import * as agents from '../workflow/fixtures/fan-out-agents.js';

/** The stage of the tests of fan-outs and of what they are made of. */
export const stage = openStage(
  agents,
  (model) => model.models('small'),
  new URL('../workflow/fixtures/fan-out-workflows.ts', import.meta.url),
);

export const DOWN: Reply = { status: 401 };
export const HANG: Reply = { hang: true };

/** What the model answers to an input of that text. */
export async function script(replies: Record<string, Reply>, times = 1) {
  const { model } = await stage;
  for (const [text, reply] of Object.entries(replies)) model.script({ when: `${text};`, times, reply });
}

export async function start<Fn extends Orchestration = (input: unknown) => Promise<unknown>>(
  name: string,
  input: Parameters<Fn>[0],
  options?: StartOptions,
): Promise<RunOf<Fn>> {
  return (await stage).baton.start<Fn>(name, input, options);
}

export async function run<Fn extends Orchestration = (input: unknown) => Promise<unknown>>(
  name: string,
  input: Parameters<Fn>[0],
  options?: StartOptions,
) {
  return (await start<Fn>(name, input, options)).result();
}

/** Waits until requests with the text have been given up by the client. */
export async function abandoned(text: string, count = 1): Promise<void> {
  const { model } = await stage;
  const given = () =>
    model.arrivals.filter((arrival) => arrival.abandoned && JSON.stringify(arrival.request).includes(text));
  while (given().length < count) await new Promise((resolve) => setTimeout(resolve, 50));
}

export async function arrived(text: string): Promise<void> {
  const { model } = await stage;
  while (!model.requests.some((request) => JSON.stringify(request).includes(text)))
    await new Promise((resolve) => setTimeout(resolve, 50));
}
