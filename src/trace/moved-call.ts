import { z } from 'zod';
import type { Json } from '../agents/json.js';
import { Message } from '../agents/message.js';
import type { Operation } from './operation.js';

const Carried = z.array(z.object({ message: Message, digest: z.string().optional() }));

/** What the trace reads of an agent's call that goes on in the run that it is given to. */
const MovedCall = z.object({
  span: z.string(),
  at: z.string().optional(),
  spans: z.record(z.string(), z.number()),
  messages: Carried,
  fresh: z.number().optional(),
});
export type MovedCall = z.infer<typeof MovedCall>;

const MovedRun = z.object({ moved: MovedCall });
const MovedEnd = z.object({ output: z.json(), messages: Carried });

/** Conversations that user code takes along when it continues its run as new. */
const CarriedPart = z.object({ value: z.object({ kept: z.array(z.object({ messages: Carried })) }) });

/** The call that a run was begun to go on with. */
export function movedCallOf(input: readonly Json[] | undefined): MovedCall | undefined {
  return MovedRun.safeParse(input?.[0]).data?.moved;
}

/** Paths of the call, and of the agent that has the conversation. */
export function resumesOf(moved: MovedCall | undefined) {
  return moved && { call: moved.span, agent: moved.at ?? moved.span };
}

/** What a run is shown to have been given: without the state of a call. */
export function shownInput(input: Json | undefined): Json | undefined {
  if (typeof input !== 'object' || input === null || Array.isArray(input) || !('moved' in input))
    return input;
  const { moved: _, ...rest } = input;
  return rest;
}

/** The result of a run that went on with a parent's call, as that of the call. */
export function outputOfCall(output: Operation['output'], moved: MovedCall | undefined): Operation['output'] {
  return moved?.fresh === undefined ? output : (MovedEnd.safeParse(output).data?.output ?? output);
}

/** Messages by their digests, of those that a run was given, or that a child handed back with a call. */
export function carriedMessages(values: readonly (Json | undefined)[]): Map<string, Message> {
  const found = values.flatMap((value) => {
    const end = MovedEnd.safeParse(value).data;
    const kept = CarriedPart.safeParse(value).data?.value.kept.flatMap(({ messages }) => messages);
    return end?.messages ?? MovedRun.safeParse(value).data?.moved.messages ?? kept ?? [];
  });
  return new Map(found.flatMap(({ message, digest }) => (digest === undefined ? [] : [[digest, message]])));
}
