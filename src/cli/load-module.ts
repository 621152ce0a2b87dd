import { createRequire, register } from 'node:module';
import { existsSync, realpathSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { BatonError } from '../agents/failures.js';
import { packageRoot } from './package-root.js';

/**
 * Loads a module of the user's, TypeScript included.
 * @param shown how the file is called in a failure
 * @throws BatonError `ConfigInvalid`, with what its loading threw
 */
export async function loadModule(path: string, shown: string): Promise<Readonly<Record<string, unknown>>> {
  checkCopy(dirname(path));
  if (path.endsWith('.ts')) await takeTypeScript(dirname(path));
  try {
    return (await import(pathToFileURL(path).href)) as Readonly<Record<string, unknown>>;
  } catch (cause) {
    // A failure of Baton's own, such as of an example's set-up, says all that there is to say.
    if (cause instanceof BatonError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new BatonError('ConfigInvalid', `${shown} cannot be loaded: ${reason}${adviceOn(reason)}`, {
      cause,
    });
  }
}

function adviceOn(reason: string): string {
  return /Cannot find package 'batonjs'/.test(reason)
    ? '\nInstall it in the project: npm install batonjs'
    : '';
}

let takes: Promise<void> | undefined;

/** From here on this process imports TypeScript. Once for all: modules are shared between what is loaded. */
function takeTypeScript(folder: string): Promise<void> {
  // A runtime with a loader of its own, such as a test runner, may refuse hooks. It then knows TypeScript by itself, or
  // the import fails and says so.
  takes ??= registerHooks(folder).catch(() => undefined);
  return takes;
}

async function registerHooks(folder: string): Promise<void> {
  const tsx = await import('tsx/esm/api');
  tsx.register({ tsconfig: tsconfigOf(folder) });
  // A project whose package.json lacks "type": "module" means ES modules all the same: Baton is one, and code that
  // imports it cannot be CommonJS on every Node version. Hooks registered later run earlier.
  register(`data:text/javascript,${encodeURIComponent(TYPESCRIPT_IS_ESM)}`);
}

const TYPESCRIPT_IS_ESM = `export const load = (url, context, next) =>
  next(url, /^file:[^?]*\\.ts(\\?|$)/.test(url) ? { ...context, format: 'module' } : context);`;

/** The nearest tsconfig.json; Baton's own is not for users of the built package, as it maps its name to its sources. */
function tsconfigOf(folder: string): string | false {
  const own = dirname(fileURLToPath(new URL('package.json', packageRoot())));
  for (let at = folder; ; at = dirname(at)) {
    if (at === own) return false;
    const path = join(at, 'tsconfig.json');
    if (existsSync(path)) return path;
    if (at === dirname(at)) return false;
  }
}

/** Two copies of Baton do not know each other's agents and runs. @throws BatonError `ConfigInvalid` */
function checkCopy(folder: string): void {
  const own = fileURLToPath(new URL('package.json', packageRoot()));
  const used = resolveFrom(folder);
  if (used === undefined || realpathSync(used) === realpathSync(own)) return;
  throw new BatonError(
    'ConfigInvalid',
    `the project has its own copy of batonjs (${relative(folder, dirname(used))}), and this command is of another; run it as: npx baton`,
  );
}

function resolveFrom(folder: string): string | undefined {
  try {
    return createRequire(join(folder, 'anything.js')).resolve('batonjs/package.json');
  } catch {
    return undefined; // Whoever imports it will be told.
  }
}
