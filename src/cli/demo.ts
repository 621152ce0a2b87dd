import type { Json } from '../agents/json.js';

/** What an example's `demo.ts` exports as `demo`, for `baton demo NAME`. */
export interface Demo {
  /** One line: what the example shows. */
  title: string;
  /** Name of the orchestration that is started. */
  orchestration: string;
  /**
   * For orchestrations whose agent calls are too many to tell of each: by name, how a line shows what their query `progress`
   * answers. Their runs are followed by that query, and not by their trace.
   */
  progress?: Readonly<Record<string, (state: unknown) => string>>;
  /** Called before agents and workflows are loaded, with the folder of the user's own documents, where one is given. */
  configure?(options: { data?: string }): void;
  /** The inputs that the example ships, for `--list` and `--input ID`. */
  inputs(): Promise<DemoInput[]>;
  /** Which of them runs by default. */
  defaultInput: string;
  /** Reads an input file's text. @throws BatonError `InputInvalid`, which says what is wrong with it */
  parse(text: string): Json;
  /** The result, as a person wants to read it. */
  render(result: unknown): string;
}

export interface DemoInput {
  id: string;
  title: string;
  input: Json;
  /** Name of the orchestration that takes it. Default: the demo's. */
  orchestration?: string;
}
