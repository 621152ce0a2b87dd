/** Something that must not be. */
export interface Violation {
  /** Workflow id of the run, where it is one's. */
  run?: string;
  what: string;
}

/** A line of the table: what was looked at, how much of it there was, and what was wrong. */
export interface Line {
  name: string;
  found: string;
  violations: Violation[];
}

const SHOWN = 10;

/** The lines as a table, with the first violations of each below it. */
export function tableOf(lines: readonly Line[]): string {
  const width = Math.max(...lines.map(({ name }) => name.length));
  const table = lines.map(
    ({ name, found, violations }) =>
      `  ${violations.length === 0 ? 'ok   ' : 'WRONG'}  ${name.padEnd(width)}  ${found}`,
  );
  const wrong = lines.flatMap(({ name, violations }) => [
    ...violations.slice(0, SHOWN).map(({ run, what }) => `  ${name}: ${run ? `${run}: ` : ''}${what}`),
    ...(violations.length > SHOWN ? [`  ${name}: and ${violations.length - SHOWN} more`] : []),
  ]);
  return [...table, ...(wrong.length > 0 ? ['', ...wrong] : [])].join('\n');
}
