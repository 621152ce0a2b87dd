import type { WorkerModule, WorkerProcess } from './worker-process.js';

/** What is compared. */
export interface Contender {
  /** In rows, ratios and `--only`. */
  name: string;
  /** Packages whose versions the table names, in bench/peers. */
  packages: readonly string[];
  /** Left out of all but the kills: it differs from another contender in nothing else. */
  killsOnly?: boolean;
  /** A run that was interrupted goes on when the application calls it again: nothing is expected before. */
  resumes?: boolean;
  setUp(stage: Stage): Promise<Engine>;
}

/** What contenders run on. */
export interface Stage {
  /** For a contender's files; it is removed at the end. */
  folder: string;
  /** Of the model server, with `/v1`. */
  modelUrl: string;
  /** Makes a database on a Postgres that all share, and gives its URL. */
  database(name: string): Promise<{ url: string; pid: number }>;
}

/** A contender that is up, without a worker. */
export interface Engine {
  worker: WorkerModule;
  /** Called with each worker that has started. */
  joined?(worker: WorkerProcess): Promise<void>;
  /** Of all runs so far. */
  bytesStored(): Promise<number>;
  /** Of the servers, whose memory (with that of their children) is told. */
  serverPids: readonly number[];
  tearDown(): Promise<void>;
}

/** A contender that is up, with a worker. */
export interface Up {
  name: string;
  engine: Engine;
  worker: WorkerProcess;
}
