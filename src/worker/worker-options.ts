import { NativeConnection } from '@temporalio/worker';
import { z } from 'zod';
import { Deployment } from '../agents/deployment.js';
import { BatonError } from '../agents/failures.js';
import { ConnectionFields } from '../connection.js';
import type { BatonPluginOptions } from './plugin.js';
import { WorkerSettings } from './worker-settings.js';

const text = z.string().min(1);
const given = z.unknown();
const object = z.custom<object>(isObject, 'an object');
const func = z.custom<(...args: never[]) => unknown>((value) => typeof value === 'function', 'a function');

/**
 * The options of a worker as they come from outside: a mistyped one would otherwise mean nothing. What has a schema of its own (`models`,
 * `circuits`, `storage`) is read where it is used.
 */
const PluginFields = z.strictObject({
  agents: z.custom<object>(
    isObject,
    "an object of agents and tools by name: import * as agents from './agents.js'",
  ),
  models: given.optional(),
  model: text.optional(),
  circuits: given.optional(),
  notify: func.optional(),
  storage: given.optional(),
  resultBytes: z.number().int().positive().max(1_000_000).optional(),
  cacheBytes: z.number().int().positive().optional(),
});

export const NO_WORKFLOWS =
  "name the module with the orchestrations: workflows: import.meta.resolve('./workflows.ts')";

/** What Temporal's own options may not say, as Baton's say it. */
const settled = z.undefined({ error: 'give it beside "worker", not in it' }).optional();

const WorkerFields = PluginFields.extend({
  workflows: text.optional(),
  workflowBundle: object.optional(),
  connection: z
    .union([z.custom((value) => value instanceof NativeConnection), z.strictObject(ConnectionFields)], {
      error: 'a NativeConnection, or where to connect: { address, namespace, apiKey, profile }',
    })
    .optional(),
  namespace: text.optional(),
  taskQueue: text.max(1000).optional(),
  deployment: Deployment.optional(),
  ...WorkerSettings.shape,
  worker: z
    .looseObject({
      connection: settled,
      namespace: settled,
      taskQueue: settled,
      workflowsPath: settled,
      workflowBundle: settled,
      activities: object.optional(),
    })
    .optional(),
})
  .refine(({ deployment, worker }) => !deployment || !worker?.['workerDeploymentOptions'], {
    error: 'give either "deployment" or "worker.workerDeploymentOptions"',
  })
  .refine(({ workflows, workflowBundle }) => !workflows || !workflowBundle, {
    error: 'give either "workflows" or "workflowBundle"',
  })
  .refine(({ workflows, workflowBundle }) => workflows ?? workflowBundle, { error: NO_WORKFLOWS });

/** Those of a worker's options that are the plugin's. */
export function pluginOptionsOf(options: BatonPluginOptions): BatonPluginOptions {
  const given = Object.entries(options).filter(([name]) => name in PluginFields.shape);
  return { ...Object.fromEntries(given), agents: options.agents };
}

/** @throws BatonError `ConfigInvalid` */
export function checkPluginOptions(options: unknown): void {
  check(PluginFields, Object.keys(PluginFields.shape), options);
}

/** @throws BatonError `ConfigInvalid` */
export function checkWorkerOptions(options: unknown): void {
  check(WorkerFields, Object.keys(WorkerFields.shape), options);
}

function check(schema: z.ZodType, names: readonly string[], options: unknown): void {
  const parsed = schema.safeParse(options);
  if (parsed.success) return;
  const unknown = parsed.error.issues.some(
    ({ code, path }) => code === 'unrecognized_keys' && path.length === 0,
  );
  const known = unknown ? `\nThe options are: ${names.join(', ')}` : '';
  throw new BatonError('ConfigInvalid', `options of the worker: ${z.prettifyError(parsed.error)}${known}`);
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
