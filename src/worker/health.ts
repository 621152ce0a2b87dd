import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Runtime, type NativeConnection, type Worker, type WorkerPlugin } from '@temporalio/worker';
import { inTime } from '../activities/in-time.js';
import { BatonError } from '../agents/failures.js';
import { LOOPBACK } from './runtime.js';
import type { WorkerSettings } from './worker-settings.js';

/** The server must answer within this time for the worker to be ready, in ms. Probes wait for a second by default. */
const REACH_MS = 900;
/** So often the server is asked at most, however many probes come. */
const FRESH_MS = 1_000;

/** What a probe is told. */
export interface HealthReport {
  ok: boolean;
  /** Why not, for people. */
  reason?: string;
  /** As Temporal says it; `STARTING` before the worker is there. */
  state: string;
  taskQueue?: string;
  namespace?: string;
  /** Which build it is: of its deployment, else of its workflow code. */
  build?: string | undefined;
  /** Under way now. */
  activities?: number;
  workflowTasks?: number;
  cachedRuns?: number;
}

/** Answers probes of one worker over HTTP. */
export class Health {
  private worker: Worker | undefined;
  private connection: NativeConnection | undefined;
  private reached: { at: number; reason: Promise<string | undefined> } | undefined;

  private constructor(private readonly server: Server) {}

  /** @throws BatonError `ConfigInvalid` where the port cannot be had */
  static async open({ port, host = LOOPBACK }: NonNullable<WorkerSettings['health']>): Promise<Health> {
    const server = createServer();
    const health = new Health(server);
    server.on('request', ({ method, url = '' }, response) => void health.answer(method, url, response));
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject).listen(port, host, resolve);
      });
    } catch (cause) {
      const { code, message } = cause as NodeJS.ErrnoException;
      const reason = code === 'EADDRINUSE' ? 'the port is taken' : message;
      throw new BatonError(
        'ConfigInvalid',
        `health on ${host}:${port}: ${reason}; choose another with --health-port, BATON_HEALTH_PORT or health.port`,
        { cause },
      );
    }
    // A worker that has ended must not be kept by its probes.
    server.unref();
    return health;
  }

  /** Port that it answers on. */
  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Ends with the worker that it belongs to. */
  readonly plugin: WorkerPlugin = {
    name: 'baton-health',
    runWorker: async (worker, next) => {
      try {
        await next(worker);
      } finally {
        await this.close();
      }
    },
  };

  /** From now on it answers for this worker. */
  watch(worker: Worker, connection: NativeConnection): void {
    this.worker = worker;
    this.connection = connection;
    const { taskQueue } = worker.options;
    Runtime.instance().logger.info('answering probes', { port: this.port, taskQueue });
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(method: string | undefined, url: string, response: ServerResponse): Promise<void> {
    const path = url.split('?')[0];
    const isReady = path === '/healthz/ready';
    if (!isReady && path !== '/healthz/live')
      return send(response, 404, { paths: ['/healthz/live', '/healthz/ready'] });
    if (method !== 'GET' && method !== 'HEAD') return send(response, 405, { methods: ['GET', 'HEAD'] });
    const report = isReady ? await this.ready() : this.live();
    send(response, report.ok ? 200 : 503, report);
  }

  /** That it answers shows that the event loop turns. */
  private live(): HealthReport {
    const isFailed = this.worker?.getState() === 'FAILED';
    return { ok: !isFailed, ...(isFailed ? { reason: 'the worker has failed' } : {}), ...this.counts() };
  }

  private async ready(): Promise<HealthReport> {
    const reason = this.unready() ?? (await this.unreached());
    return { ok: reason === undefined, ...(reason === undefined ? {} : { reason }), ...this.counts() };
  }

  private unready(): string | undefined {
    const state = this.worker?.getState() ?? 'INITIALIZED';
    if (state === 'RUNNING') return undefined;
    return state === 'INITIALIZED' ? 'the worker is starting' : 'the worker takes no more work';
  }

  /** Why the Temporal server does not answer; undefined where it does. */
  private async unreached(): Promise<string | undefined> {
    const { connection } = this;
    if (!connection) return 'the worker is starting';
    const now = Date.now();
    if (!this.reached || now - this.reached.at > FRESH_MS)
      this.reached = {
        at: now,
        reason: inTime(connection, REACH_MS, () => connection.workflowService.getSystemInfo({})).then(
          () => undefined,
          (error: unknown) =>
            `the Temporal server does not answer: ${error instanceof Error ? error.message : String(error)}`,
        ),
      };
    return this.reached.reason;
  }

  private counts(): Omit<HealthReport, 'ok'> {
    const { worker } = this;
    if (!worker) return { state: 'STARTING' };
    const { runState, numInFlightActivities, numInFlightWorkflowActivations, numCachedWorkflows } =
      worker.getStatus();
    const { taskQueue, namespace, buildId, workerDeploymentOptions } = worker.options;
    return {
      state: runState,
      taskQueue,
      namespace,
      build: workerDeploymentOptions?.version.buildId ?? buildId,
      activities: numInFlightActivities,
      workflowTasks: numInFlightWorkflowActivations,
      cachedRuns: numCachedWorkflows,
    };
  }
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(`${JSON.stringify(body)}\n`);
}
