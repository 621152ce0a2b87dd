import { failure } from '../fail.js';
import { namedCallOf } from '../named-call.js';

/** Functions that can do the same job, such as agents: by name, or in order. */
export type Several<F> = Readonly<Record<string, F>> | readonly F[];

export interface NamedFunction<F> {
  name: string;
  fn: F;
}

/**
 * Functions with their names, as often as they are asked. Those of a list are called after their agents, closures by their place from
 * 1; where a name comes again it is numbered: `clerk`, `clerk-2`.
 * @throws ConfigInvalid where there are none
 */
export function nameEach<F extends (input: never) => Promise<unknown>>(
  pattern: string,
  several: Several<F>,
  times = 1,
): NamedFunction<F>[] {
  const entries = Object.entries<F>(several);
  if (entries.length === 0) throw failure('ConfigInvalid', `${pattern}: there is nobody to ask`);
  if (!Number.isInteger(times) || times < 1)
    throw failure('ConfigInvalid', `${pattern}: ${times} is no number of tries; give 1 or more`);
  const once = Array.isArray(several)
    ? entries.map(([, fn], place) => ({ name: nameOf(fn) ?? String(place + 1), fn }))
    : entries.map(([name, fn]) => ({ name, fn }));
  const seen = new Map<string, number>();
  return Array.from({ length: times }, () => once).flatMap((round) =>
    round.map(({ name, fn }) => {
      const count = (seen.get(name) ?? 0) + 1;
      seen.set(name, count);
      return { name: count === 1 ? name : `${name}-${count}`, fn };
    }),
  );
}

function nameOf(fn: (input: never) => Promise<unknown>): string | undefined {
  const call = namedCallOf(fn);
  return call?.kind === 'child' ? (call.agent ?? call.type) : call?.name;
}
