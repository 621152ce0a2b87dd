import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Demo, DemoInput } from './demo.js';
import { CliError } from './failures.js';
import type { Io } from './io.js';
import { readTextFile } from './run-input.js';

/**
 * The input that a demo runs on: one of the example's by id, or a file.
 * @throws CliError, BatonError `InputInvalid`
 */
export async function chooseInput(demo: Demo, given: string | undefined, io: Io): Promise<DemoInput> {
  const inputs = await demo.inputs();
  const id = given ?? demo.defaultInput;
  const own = inputs.find((input) => input.id === id);
  if (own) return own;
  if (!existsSync(resolve(io.cwd, id))) {
    throw new CliError('InputInvalid', `"${id}" is neither a file nor an input of the example`, {
      advice: 'see the inputs with: npx baton demo --list',
    });
  }
  return { id: fileId(id), title: id, input: demo.parse(await readTextFile(id, io)) };
}

/** A file's name as a part of a run's id. */
function fileId(path: string): string {
  const name = path.replace(/^.*[\\/]/, '').replace(/\.[^.]*$/, '');
  return name.replace(/[^A-Za-z0-9_.-]+/g, '-').slice(0, 60) || 'file';
}
