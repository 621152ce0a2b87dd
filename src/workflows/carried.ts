import { CARRIED_ARGUMENT } from '../agents/names.js';

/**
 * What a run hands to the run that it is continued as, part by part. It travels as arguments after the user's own, which
 * payload codecs encrypt; headers they leave alone. Each part is a payload of its own: its owner keeps it below 1.5 MB,
 * and all of them together must stay below the 4 MB of one workflow task.
 */
export class Carried {
  private readonly givers = new Map<string, Give<unknown>>();

  constructor(private readonly received: ReadonlyMap<string, unknown> = new Map()) {}

  /**
   * Has a part carried: `give` is asked for it when the run is continued as new, and gives undefined where there is nothing.
   * @returns what the run before gave
   */
  part<T>(name: string, give: Give<T>): T | undefined {
    this.givers.set(name, give);
    // The owner of the name wrote it.
    return this.received.get(name) as T | undefined;
  }

  /**
   * Arguments for the next run. A part whose owner has not asked for it goes on as it came.
   * @param own the user's own, which stand before them
   */
  toArguments(own: readonly unknown[] = []): CarriedArgument[] {
    const names = new Set([...this.received.keys(), ...this.givers.keys()]);
    return [...names].flatMap((name) => {
      const give = this.givers.get(name);
      const value = give ? give(own) : this.received.get(name);
      return value === undefined ? [] : [{ [CARRIED_ARGUMENT]: name, value }];
    });
  }
}

/** @param args the user's own arguments for the next run */
type Give<T> = (args: readonly unknown[]) => T | undefined;

interface CarriedArgument {
  [CARRIED_ARGUMENT]: string;
  value: unknown;
}

/** Parts a run's arguments into the user's own and what was carried. */
export function splitArguments(args: readonly unknown[]): { own: unknown[]; carried: Carried } {
  const own = args.filter((arg) => !isCarried(arg));
  const parts = args.filter(isCarried).map((arg) => [arg[CARRIED_ARGUMENT], arg.value] as const);
  return { own, carried: new Carried(new Map(parts)) };
}

function isCarried(arg: unknown): arg is CarriedArgument {
  return typeof arg === 'object' && arg !== null && CARRIED_ARGUMENT in arg;
}
