import type { Baton } from '../client.js';
import type { OpenCircuit } from '../agents/circuit.js';
import { openCircuits } from '../activities/circuits/open-circuits.js';
import { note, ok, type Finding } from './health.js';
import { duration } from './layout.js';

const NAME = 'Circuits';

/** The models that the fleet leaves alone now, as their providers are down. */
export async function examineCircuits({ client }: Baton): Promise<Finding[]> {
  const circuits = [...(await openCircuits(client)).values()];
  if (circuits.length === 0) return [ok(NAME, 'none is open')];
  const advice = "wait: it is tried by itself; look at the provider's status page";
  return circuits.map((circuit) => note(NAME, textOf(circuit, Date.now()), advice));
}

export function textOf({ provider, model, why, since, until, trying }: OpenCircuit, now: number): string {
  const next = until > now ? `next trial in ${duration(until - now)}` : 'the next turn tries it';
  const trial = trying && until > now ? 'it is being tried now' : next;
  return `${model} at ${provider} is open since ${duration(now - since)}: ${why}; ${trial}`;
}
