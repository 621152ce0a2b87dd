import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleWorkflows } from '../../src/worker.js';

/** Bundles workflows into a file, for workers in other processes. */
export async function bundleFile(workflows: string): Promise<string> {
  const { code } = await bundleWorkflows(workflows);
  const file = join(await mkdtemp(join(tmpdir(), 'baton-test-')), 'bundle.js');
  await writeFile(file, code);
  return file;
}
