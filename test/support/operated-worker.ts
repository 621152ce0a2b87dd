import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { BatonWorkerOptions } from '../../src/worker.js';

const path = (file: string) => fileURLToPath(new URL(file, import.meta.url));

export interface OperatedSettings extends Pick<
  BatonWorkerOptions,
  'models' | 'taskQueue' | 'health' | 'metrics' | 'logs' | 'logLevel' | 'shutdownGrace' | 'tuner'
> {
  address: string;
  /** Modules. */
  agents: string;
  workflows: string;
}

/** A worker as people run it, in a process of its own. */
export class OperatedWorker {
  private text = '';
  readonly ended: Promise<number | NodeJS.Signals | null>;

  private constructor(private readonly child: ChildProcess) {
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (chunk: string) => (this.text += chunk));
    this.ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve(code ?? signal)));
  }

  /** By an application's own main, which calls `runWorker`. */
  static own({ address, ...options }: OperatedSettings, env: NodeJS.ProcessEnv = {}): OperatedWorker {
    const all = { ...options, connection: { address } };
    return new OperatedWorker(
      start(['--import', 'tsx', path('./operated-main.ts')], {
        ...env,
        BATON_TEST_WORKER: JSON.stringify(all),
      }),
    );
  }

  /** By the command line. */
  static command(
    settings: OperatedSettings,
    flags: string[] = [],
    env: NodeJS.ProcessEnv = {},
  ): OperatedWorker {
    const { address, agents, workflows, models, taskQueue = 'baton', ...worker } = settings;
    const folder = mkdtempSync(join(tmpdir(), 'baton-operated-'));
    const config = join(folder, 'baton.config.mjs');
    writeFileSync(
      config,
      `export default ${JSON.stringify({ agents, workflows, models, taskQueue, worker })};\n`,
    );
    const bin = path('../../src/cli/bin.ts');
    const argv = ['worker', '--config', config, '--address', address, ...flags];
    return new OperatedWorker(
      start(
        ['--import', pathToFileURL(path('../../node_modules/tsx/dist/esm/index.mjs')).href, bin, ...argv],
        env,
      ),
    );
  }

  /** Everything that it has written. */
  get output(): string {
    return this.text;
  }

  get isOver(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  async says(expected: RegExp): Promise<void> {
    const until = Date.now() + 60_000;
    while (!expected.test(this.text)) {
      if (this.isOver || Date.now() > until)
        throw new Error(`it did not say ${expected}, but:\n${this.text}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Sends SIGTERM, and gives the exit code. */
  stop(): Promise<number | NodeJS.Signals | null> {
    this.signal('SIGTERM');
    return this.ended;
  }

  /** Ends it, whatever it does. */
  async kill(): Promise<void> {
    if (this.isOver) return;
    this.signal('SIGKILL');
    await this.ended;
  }
}

function start(argv: string[], env: NodeJS.ProcessEnv): ChildProcess {
  return spawn(process.execPath, argv, {
    env: { ...process.env, NODE_OPTIONS: '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}
