import type { Span } from './trace.js';

/** The agents that an agent calls as tools or hands over to, by the numbers that the run gave their spans. */
export class InnerSpans {
  private readonly counts: Map<string, number>;

  /**
   * @param find gives the span of a path, where the history has one
   * @param before how many there were by their paths, where the call began in another run
   */
  constructor(
    private readonly path: string,
    private readonly find: (path: string) => Span | undefined,
    before: Readonly<Record<string, number>> = {},
  ) {
    const own = Object.entries(before).filter(([below]) => below.startsWith(`${path}/`));
    this.counts = new Map(own.map(([below, count]) => [below.slice(path.length + 1), count]));
  }

  /** The next one of a name, for a call of it: the call took a number, also where nothing came of it. */
  called(name: string): Span | undefined {
    const count = (this.counts.get(name) ?? 0) + 1;
    this.counts.set(name, count);
    return this.find(`${this.path}/${name}.${count}`);
  }

  /** The next one of a name, where it came. */
  came(name: string): Span | undefined {
    const count = (this.counts.get(name) ?? 0) + 1;
    const span = this.find(`${this.path}/${name}.${count}`);
    if (span) this.counts.set(name, count);
    return span;
  }

  /** The path of the next one of a name, where `has` knows it, for what may not have come. */
  next(name: string, has: (path: string) => boolean): string | undefined {
    const count = (this.counts.get(name) ?? 0) + 1;
    const path = `${this.path}/${name}.${count}`;
    if (!has(path)) return undefined;
    this.counts.set(name, count);
    return path;
  }
}
