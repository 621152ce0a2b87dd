import type { Baton, Run } from '../../src/client.js';
import type { ScriptEntry } from '../../src/testing/index.js';

/** A run whose history is saved, and how the model answers it. */
export interface Recording {
  /** Of the file. That of what the run was continued as ends in `-continued`. */
  name: string;
  script: ScriptEntry[];
  start(baton: Baton): Promise<Run>;
  meanwhile?(run: Run): Promise<unknown>;
  /** Further runs whose histories are saved: their ids, by the name of the file. */
  also?(id: string): Readonly<Record<string, string>>;
}
