/** A stream that text is written to. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

/** Everything that a command has of the outside world, beside `process.env`. */
export interface Io {
  /** Results. */
  readonly out: Output;
  /** Progress, remarks and failures. */
  readonly err: Output;
  readonly in: NodeJS.ReadableStream & { readonly isTTY?: boolean | undefined };
  /** Folder in which projects, files and `.baton/` are looked for. */
  readonly cwd: string;
  /**
   * From the first call on, SIGINT and SIGTERM abort the signal instead of ending the process, so that the command can
   * clear up; the next one ends the process. A command that never asks is ended at once.
   */
  interruption(): AbortSignal;
}

/** Sets the exit code of a command that has said all there is to say. */
export type Exit = (code: number) => void;

/** One line of results. */
export function say(io: Io, line = ''): void {
  io.out.write(`${line}\n`);
}

/** One line beside the results. */
export function remark(io: Io, line: string): void {
  io.err.write(`${line}\n`);
}

/** A value for programs: two-space JSON, nothing else. */
export function sayJson(io: Io, value: unknown): void {
  say(io, JSON.stringify(value ?? null, null, 2));
}
