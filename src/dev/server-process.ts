import { spawn, type ChildProcess } from 'node:child_process';
import { endWithThisProcess } from './child-lifetime.js';
import { ServerLog } from './server-log.js';

export interface ServerExit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** How long the server may take to close its files, in ms. */
const STOP_GRACE_MS = 10_000;

/** A running server program. It ends with this process. */
export class ServerProcess {
  readonly log: ServerLog;
  readonly exited: Promise<ServerExit>;
  /** Resolves as `exited`, but when its whole output was read: with how it ended, in words. */
  readonly ended: Promise<string>;
  readonly #child: ChildProcess;

  constructor(binary: string, args: readonly string[], logFile?: string) {
    this.log = new ServerLog(logFile);
    const child = spawn(binary, args, {
      env: withoutTemporalSettings(process.env),
      stdio: ['ignore', this.log.stdio, this.log.stdio],
      // Not in the terminal's group: at Ctrl-C the worker must still reach its server while it drains.
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
    this.#child = child;
    this.log.follow(child.stdout, child.stderr);
    this.exited = new Promise((resolve) => {
      child.once('exit', (code, signal) => resolve({ code, signal }));
      child.once('error', () => resolve({ code: null, signal: null }));
    });
    this.ended = new Promise((resolve) => {
      child.once('close', (code) => resolve(`ended at its start (exit code ${code ?? 'none'})`));
      child.once('error', (error) => resolve(`can't be started: ${error.message}`));
    });
    void this.exited.then(() => this.log.close());
    endWithThisProcess(child);
  }

  /** 0 if it could not be started. */
  get pid(): number {
    return this.#child.pid ?? 0;
  }

  async stop(): Promise<void> {
    this.#child.kill('SIGTERM');
    const kill = setTimeout(() => void this.#child.kill('SIGKILL'), STOP_GRACE_MS);
    await this.exited;
    clearTimeout(kill);
  }
}

/** TEMPORAL_ENV and the like are for clients; an environment that does not exist would stop the server. */
function withoutTemporalSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('TEMPORAL_')));
}
