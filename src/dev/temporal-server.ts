import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DevError } from './dev-error.js';
import { freePort, isPortFree, LOOPBACK } from './free-port.js';
import { ServerProcess, type ServerExit } from './server-process.js';
import { serverReady } from './server-ready.js';

/**
 * Settings of the development server. Measured with a workflow of two activities a turn: with the defaults
 * 200 ms a turn and 2.2 runs a second (200 concurrent runs of 5 turns), with these 28 ms and 11, still on a
 * file. The default of 20 polls a second makes each dispatch of a sequential workflow wait 50 ms; the eager
 * dispatch saves a round trip; the SQLite settings save a flush to disk for each step (a crash of the process
 * loses nothing, a power cut may lose the last steps). Fairness makes the server heed priorities and tenants where work waits; with
 * one partition a task queue it does so in the order of the whole queue. The limit of lists is this server's own; the full
 * server, which gets the same settings, has a lower one.
 */
export const TUNED_SERVER_FLAGS: readonly string[] = [
  '--dynamic-config-value',
  'history.transferProcessorMaxPollRPS=2000',
  '--dynamic-config-value',
  'system.enableActivityEagerExecution=true',
  '--dynamic-config-value',
  'matching.enableFairness=true',
  '--dynamic-config-value',
  'matching.numTaskqueueReadPartitions=1',
  '--dynamic-config-value',
  'matching.numTaskqueueWritePartitions=1',
  '--dynamic-config-value',
  'frontend.namespaceRPS.visibility=100',
  '--sqlite-pragma',
  'journal_mode=WAL',
  '--sqlite-pragma',
  'synchronous=NORMAL',
];

/** Types of search attributes, as the Temporal CLI spells them. */
export type SearchAttributeKind = 'Text' | 'Keyword' | 'Int' | 'Double' | 'Bool' | 'Datetime' | 'KeywordList';

export interface TemporalServerOptions {
  /** Path of the Temporal CLI. */
  binary: string;
  /**
   * The SQLite file, made if absent; a server started on it again goes on where the last one stopped. Without it,
   * all is in memory.
   */
  dbFile?: string | undefined;
  /** Port of the gRPC service; 0 takes a free one. */
  port: number;
  /** Port of Temporal's web UI; 0 takes a free one. Without it there is no UI. */
  uiPort?: number | undefined;
  namespace: string;
  /** Registered in the namespace, if they aren't yet. */
  searchAttributes?: Record<string, SearchAttributeKind> | undefined;
  /** The server's output is appended here. */
  logFile?: string | undefined;
  /** `false` starts the server with its own defaults, for comparison. */
  tuned?: boolean | undefined;
  /** How long the server may take until it is ready, in ms (default 60,000). */
  readyTimeoutMs?: number | undefined;
  /** Gives up the start; once started, stops the server. */
  signal?: AbortSignal | undefined;
}

export interface TemporalServer {
  /** `host:port` of the gRPC service. */
  address: string;
  uiUrl?: string;
  pid: number;
  /** Lets the server close its files, and kills it if it takes longer than 10 s. */
  stop(): Promise<void>;
  /** Resolves when the server has ended, for whatever reason. */
  exited: Promise<ServerExit>;
}

/** Far more than the second or so that it takes, for machines that are busy with something else. */
const READY_TIMEOUT_MS = 60_000;

/**
 * Starts a development server on the loopback interface and resolves when a client can start work on it. It
 * ends with this process. Throws `TemporalPortInUse`, or `TemporalServerFailed` with the end of its log.
 */
export async function startTemporalServer(options: TemporalServerOptions): Promise<TemporalServer> {
  options.signal?.throwIfAborted();
  if (options.dbFile) await mkdir(dirname(options.dbFile), { recursive: true });
  if (options.logFile) await mkdir(dirname(options.logFile), { recursive: true });
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startOnce(options, await portFor(options.port), await uiPortFor(options.uiPort));
    } catch (error) {
      // The server picks its inner ports at random too, and another process may be quicker.
      const collided = error instanceof DevError && error.message.includes('address already in use');
      if (!collided || options.port !== 0 || attempt === 3) throw error;
    }
  }
}

/** The arguments of `temporal` for these options, with the ports that were chosen. */
export function serverArguments(options: TemporalServerOptions, port: number, uiPort?: number): string[] {
  return [
    ...['server', 'start-dev', '--ip', LOOPBACK, '--port', String(port), '--namespace', options.namespace],
    ...(uiPort === undefined ? ['--headless'] : ['--ui-port', String(uiPort)]),
    ...(options.dbFile ? ['--db-filename', options.dbFile] : []),
    ...Object.entries(options.searchAttributes ?? {}).flatMap(([name, kind]) => [
      '--search-attribute',
      `${name}=${kind}`,
    ]),
    ...(options.tuned === false ? [] : TUNED_SERVER_FLAGS),
  ];
}

async function startOnce(
  options: TemporalServerOptions,
  port: number,
  uiPort?: number,
): Promise<TemporalServer> {
  const { namespace, signal, readyTimeoutMs = READY_TIMEOUT_MS } = options;
  const server = new ServerProcess(options.binary, serverArguments(options, port, uiPort), options.logFile);
  const giveUp = new AbortController();
  const fail = (what: string) => giveUp.abort(failure(what, server.log.tail()));
  const timer = setTimeout(() => fail(`was not ready after ${readyTimeoutMs / 1000} s`), readyTimeoutMs);
  void server.ended.then(fail);
  const onAbort = () => giveUp.abort(signal?.reason);
  signal?.addEventListener('abort', onAbort);
  try {
    const searchAttributes = Object.keys(options.searchAttributes ?? {});
    await serverReady({ port, uiPort, namespace, searchAttributes, signal: giveUp.signal });
    signal?.throwIfAborted();
  } catch (error) {
    await server.stop();
    throw error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
  signal?.addEventListener('abort', () => void server.stop(), { once: true });
  return {
    address: `${LOOPBACK}:${port}`,
    ...(uiPort === undefined ? {} : { uiUrl: `http://${LOOPBACK}:${uiPort}` }),
    pid: server.pid,
    stop: () => server.stop(),
    exited: server.exited,
  };
}

function failure(what: string, log: string): DevError {
  return new DevError(
    'TemporalServerFailed',
    `The Temporal server ${what}.${log ? `\n${log}` : ''}`,
    'Read the log above; `temporal server start-dev` shows the same by hand.',
  );
}

async function portFor(port: number): Promise<number> {
  if (port === 0) return freePort();
  if (await isPortFree(port)) return port;
  throw new DevError(
    'TemporalPortInUse',
    `Port ${port} is in use.`,
    `Set TEMPORAL_ADDRESS=${LOOPBACK}:${port} if a Temporal server runs there; else choose another port.`,
  );
}

async function uiPortFor(uiPort: number | undefined): Promise<number | undefined> {
  return uiPort === undefined ? undefined : portFor(uiPort);
}
