import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { bundleWorkflowCode, DefaultLogger, type BundleOptions } from '@temporalio/worker';
import { BatonError } from '../agents/failures.js';
import { BatonPlugin } from '../worker.js';
import type { Project } from './project.js';

type WebpackHook = NonNullable<BundleOptions['webpackConfigHook']>;

/**
 * Bundles a project's orchestrations, silently unless it fails.
 * @throws BatonError `ConfigInvalid`, with what the bundler says
 */
export async function bundleProject({ workflows, folder }: Project) {
  const said: string[] = [];
  const logger = new DefaultLogger('WARN', ({ message }) => {
    said.push(stripVTControlCharacters(message));
  });
  try {
    return await bundleWorkflowCode({
      workflowsPath: workflows,
      plugins: [new BatonPlugin({ agents: {} })],
      logger,
      webpackConfigHook: compileEverywhere,
    });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const details = said.map(errorsOf).filter((text) => text !== '');
    throw new BatonError(
      'ConfigInvalid',
      `${relative(folder, workflows)} cannot be bundled: ${details.length > 0 ? details.join('\n') : reason}`,
      { cause },
    );
  }
}

/** Temporal's bundler leaves TypeScript in `node_modules` alone; Baton's examples are there once it is installed. */
const compileEverywhere: WebpackHook = (config) => {
  const rules = config.module?.rules ?? [];
  for (const rule of rules) {
    if (rule && typeof rule === 'object' && String(rule.test) === String(/\.ts$/)) delete rule.exclude;
  }
  return config;
};

/** Of the bundler's report the errors: it lists every asset and module before them. */
function errorsOf(report: string): string {
  const at = report.search(/^(ERROR|Module not found)/m);
  if (at < 0) return '';
  const errors = report.slice(at).replace(/\n+webpack .* compiled with .*$/s, '');
  // Stacks of the bundler's own code tell the user nothing.
  return errors
    .replace(/^\s+at .*\n?/gm, '')
    .replace(/\n*(Caused by:[^@]*)?Stack backtrace:\n(\s+\d+: .*\n?)*/g, '\n')
    .trim();
}
