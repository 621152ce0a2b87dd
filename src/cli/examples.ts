import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Demo } from './demo.js';
import { CliError } from './failures.js';
import { loadModule } from './load-module.js';
import { packageRoot } from './package-root.js';

export const DEFAULT_EXAMPLE = 'support-desk';

/** An example that comes with the package. */
export interface Example {
  name: string;
  folder: string;
  demo: Demo;
}

/** Names of the examples that `baton demo` can run. */
export function exampleNames(): string[] {
  const folder = examplesFolder();
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((name) => existsSync(demoFile(name)));
}

/** @throws CliError `Usage`, where there is none of that name */
export async function loadExample(name: string): Promise<Example> {
  const names = exampleNames();
  if (!names.includes(name)) {
    throw new CliError('Usage', `there is no example "${name}"; there is: ${names.join(', ') || 'none'}`, {
      advice: 'npx baton demo --help',
    });
  }
  const { demo } = (await loadModule(demoFile(name), `examples/${name}/demo.ts`)) as { demo: Demo };
  return { name, folder: join(examplesFolder(), name), demo };
}

function demoFile(name: string): string {
  return join(examplesFolder(), name, 'demo.ts');
}

function examplesFolder(): string {
  return fileURLToPath(new URL('examples/', packageRoot()));
}
