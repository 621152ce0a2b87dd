import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SimplePlugin } from '@temporalio/plugin';
import type {
  BundleOptions,
  InjectedSinks,
  ReplayWorkerOptions,
  Worker,
  WorkerOptions,
} from '@temporalio/worker';
import type { Notify } from '../activities/ask-people.js';
import { circuitSettings, type CircuitOptions } from '../activities/circuits/circuit-settings.js';
import { Circuits } from '../activities/circuits/circuits.js';
import { createActivities } from '../activities/create-activities.js';
import { DeploymentWatch } from '../activities/deployment-watch.js';
import { Registry } from '../activities/registry.js';
import { prefixKey, TranscriptCache } from '../activities/transcript-cache.js';
import { BatonError } from '../agents/failures.js';
import type { Models } from '../agents/models.js';
import { APPROVALS_QUERY } from '../agents/names.js';
import type { Storage } from '../storage/open-storage.js';
import { withStorage } from '../storage/with-storage.js';
import type { BatonSinks } from '../workflows/hand-over.js';
import { activityInterceptors } from './activity-interceptors.js';
import { ownDeployment } from './deployment.js';
import { Draining } from './draining.js';
import { joinModules } from './join-modules.js';
import { checkPluginOptions } from './worker-options.js';

export interface BatonPluginOptions {
  /** The module that defines agents and tools (`import * as agents`), or an object of them by name. */
  agents: Readonly<Record<string, unknown>>;
  /** Models by alias. Absent: an agent's model is OpenAI's own name of it. */
  models?: Models;
  /** Alias of the model of Baton's own agents, such as the judge and the planner. Default: the first of `models`. */
  model?: string;
  /**
   * When a model whose provider is down is left alone, by all workers of the namespace. Default: 10 seconds after 5 failures in a row,
   * up to 2 minutes while it stays down. `false`: every model is always asked.
   */
  circuits?: CircuitOptions | false;
  /** Tells people of approvals that wait for them. */
  notify?: Notify;
  /**
   * Where values are kept that are too large for Temporal, and tool results over `resultBytes`: a folder,
   * `s3://bucket/prefix?endpoint=…&region=…`, or a storage driver or `ExternalStorage` of one's own; `false`: nowhere. Default:
   * `BATON_STORAGE`, else a folder of this user. Clients need the same.
   */
  storage?: Storage;
  /** Bytes of a tool's result that the transcript holds at most, up to 1,000,000; tools may say otherwise. Default 64 KB. */
  resultBytes?: number;
  /** Bound of each of the worker's two transcript caches, in bytes. Default 64 MiB. */
  cacheBytes?: number;
}

const DEFAULT_CACHE_BYTES = 64 * 1024 * 1024;

/** What the bundle is made from, in place of the user's module, which it takes in. */
const ENTRY = workflowCode('entry');
/** Installs the handlers before user code runs. */
const INTERCEPTORS = workflowCode('interceptors-entry');
/** What user code imports: of this copy of Baton, whatever else is installed. */
const BUNDLED = workflowCode('bundled');

/**
 * Baton as a Temporal plugin, for those who create their worker, bundle or replayer themselves: `runWorker` is made of it.
 * @throws BatonError `ConfigInvalid` where the definitions do not fit together
 */
export class BatonPlugin extends SimplePlugin {
  readonly registry: Registry;
  private readonly storage: Storage | undefined;
  private readonly cache: TranscriptCache;
  private readonly deployment: DeploymentWatch;
  private readonly draining: Draining;
  private readonly names: ReadonlySet<string>;

  constructor(options: BatonPluginOptions) {
    checkPluginOptions(options);
    const { agents, models, model, notify, cacheBytes = DEFAULT_CACHE_BYTES, resultBytes } = options;
    const registry = new Registry(agents, models, model);
    const cache = new TranscriptCache(cacheBytes);
    const circuits = new Circuits(circuitSettings(options.circuits));
    const deployment = new DeploymentWatch();
    const draining = new Draining();
    const activities = createActivities({ registry, cache, notify, circuits, deployment, resultBytes });
    super({
      name: 'batonjs',
      activities,
      workerInterceptors: {
        workflowModules: [INTERCEPTORS],
        activity: [activityInterceptors(registry, draining)],
      },
    });
    this.registry = registry;
    this.storage = options.storage;
    this.cache = cache;
    this.deployment = deployment;
    this.draining = draining;
    this.names = new Set(Object.keys(activities));
  }

  /** Puts Baton's own orchestrations beside the user's: the bundle is made from an entry that has both. */
  override configureBundler(options: BundleOptions): BundleOptions {
    const { workflowsPath, webpackConfigHook, ...rest } = options;
    if (workflowsPath === ENTRY) return super.configureBundler(options);
    return super.configureBundler({
      ...rest,
      workflowsPath: ENTRY,
      preloadModules: [...(rest.preloadModules ?? []), BUNDLED],
      webpackConfigHook: (config) => {
        const alias = {
          'batonjs/workflow$': BUNDLED,
          ...config.resolve?.alias,
          'batonjs-user-workflows$': workflowsPath,
        };
        const configured = joinModules({ ...config, resolve: { ...config.resolve, alias } });
        return webpackConfigHook?.(configured) ?? configured;
      },
    });
  }

  override configureWorker(options: WorkerOptions): WorkerOptions {
    for (const name of Object.keys(options.activities ?? {})) {
      if (this.names.has(name))
        invalid(`the activity "${name}" has the name of a tool or of Baton's own: rename it`);
    }
    if (options.workflowBundle) checkBundle(options.workflowBundle);
    this.deployment.begin(ownDeployment(options.workerDeploymentOptions));
    return super.configureWorker({
      ...options,
      dataConverter: withStorage(options.dataConverter, this.storage, {
        service: options.connection?.workflowService,
        namespace: options.namespace,
      }),
      sinks: { ...options.sinks, ...sinksInto(this.cache) },
      // After the death of a worker a query waits for its sticky queue; the default of 10 s is felt.
      stickyQueueScheduleToStartTimeout: options.stickyQueueScheduleToStartTimeout ?? '1 second',
      // Heartbeats time out after 5 s: they must not be held back for most of it.
      maxHeartbeatThrottleInterval: options.maxHeartbeatThrottleInterval ?? '2 seconds',
    });
  }

  override runWorker(worker: Worker, next: (worker: Worker) => Promise<void>): Promise<void> {
    this.draining.watch(worker);
    return super.runWorker(worker, next);
  }

  /** A replayer reads what histories refer to. */
  override configureReplayWorker(options: ReplayWorkerOptions): ReplayWorkerOptions {
    const nowhere = { service: undefined, namespace: undefined };
    const dataConverter = withStorage(options.dataConverter, this.storage, nowhere);
    return super.configureReplayWorker({ ...options, dataConverter });
  }
}

/** Takes what workflow code hands over to the process that it runs in. */
function sinksInto(cache: TranscriptCache): InjectedSinks<BatonSinks> {
  return {
    baton: {
      remember: {
        fn: ({ runId }, transcript, from, messages, digests) =>
          cache.rememberFrom(prefixKey(runId, transcript), from, messages, digests),
      },
      forget: {
        fn: ({ runId }, transcripts) => {
          for (const transcript of transcripts) cache.forget(prefixKey(runId, transcript));
        },
      },
    },
  };
}

/** A bundle made without the plugin would run workflows without Baton's handlers. */
function checkBundle(bundle: NonNullable<WorkerOptions['workflowBundle']>): void {
  const code = 'code' in bundle ? bundle.code : readFileSync(bundle.codePath, 'utf8');
  if (!code.includes(APPROVALS_QUERY)) {
    invalid(
      'the workflow bundle was made without Baton: pass the plugin to bundleWorkflowCode({ plugins: [new BatonPlugin(...)] })',
    );
  }
}

function invalid(message: string): never {
  throw new BatonError('ConfigInvalid', message);
}

/** A module of Baton's workflow code: built, as this one is, or its source. */
function workflowCode(name: string): string {
  return fileURLToPath(new URL(`../workflows/${name}${extname(import.meta.url)}`, import.meta.url));
}
