import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, type ReplayWorkerOptions } from '@temporalio/worker';
import type { Duration } from '@temporalio/common';
import { msToNumber } from '@temporalio/common/lib/time.js';
import { BatonError } from '../agents/failures.js';
import type { Storage } from '../storage/open-storage.js';
import { BatonPlugin } from '../worker/plugin.js';
import { headOf, type HistoryHead } from './history-head.js';
import { historyFromJson } from './history-json.js';
import { Replayer, type Verdict } from './replayer.js';

export interface ReplayHistoriesOptions {
  /** Module with the orchestrations: a path or a `file:` URL. */
  workflows?: string;
  /** Instead of `workflows`: what `bundleWorkflows` made. */
  workflowBundle?: ReplayWorkerOptions['workflowBundle'];
  /** Event histories, or their JSON as `JSON.parse` gives it. They are taken one by one. */
  histories: Iterable<unknown> | AsyncIterable<unknown>;
  /** Where values are kept that are too large for Temporal: the same as the workers'. */
  storage?: Storage;
  /** How long one history may take. Default 60 seconds. */
  timeout?: Duration;
  /** Temporal's own options of a replay worker, such as `dataConverter`. */
  worker?: Omit<ReplayWorkerOptions, 'workflowsPath' | 'workflowBundle'>;
}

/** What became of one history. */
export type Replayed = HistoryHead & Verdict;

/**
 * Replays histories against the present code, each as the worker that runs the code would: says of each whether it holds, and where it
 * breaks why. Activities are not called, and nothing is written.
 * @throws BatonError `ConfigInvalid`; TypeError where one of them is no history
 */
export async function* replayHistories(options: ReplayHistoriesOptions): AsyncGenerator<Replayed, void> {
  const { histories, storage, timeout = '60 seconds', worker = {} } = options;
  const plugin = new BatonPlugin({ agents: {}, ...(storage === undefined ? {} : { storage }) });
  const workflowBundle = await bundleOf(options, plugin);
  const plugins = [...(worker.plugins ?? []), plugin];
  const replayer = new Replayer({ ...worker, workflowBundle, plugins }, msToNumber(timeout));
  try {
    for await (const given of histories) {
      const history = historyFromJson(given);
      yield { ...headOf(history), ...(await replayer.replay(history)) };
    }
  } finally {
    await replayer.close();
  }
}

async function bundleOf({ workflows, workflowBundle }: ReplayHistoriesOptions, plugin: BatonPlugin) {
  if (workflowBundle) return workflowBundle;
  if (!workflows) {
    throw new BatonError(
      'ConfigInvalid',
      "name the module with the orchestrations: workflows: import.meta.resolve('./workflows.ts')",
    );
  }
  const workflowsPath = workflows.startsWith('file:') ? fileURLToPath(workflows) : workflows;
  return bundleWorkflowCode({ workflowsPath, plugins: [plugin] });
}
