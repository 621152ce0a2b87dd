import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { endWithThisProcess } from '../../src/dev/child-lifetime.js';
import type { WorkerProcessSettings } from '../support/worker-process.js';

const WORKER = fileURLToPath(new URL('../support/worker-main.ts', import.meta.url));

interface Slot {
  child: ChildProcess;
  isReady: boolean;
}

/** Worker processes. One that ends, for whatever reason, is started again. */
export class Fleet {
  private readonly slots: Slot[];
  private readonly log: WriteStream;
  private isOver = false;
  kills = 0;
  pauses = 0;
  /** Process ids of those that were paused. */
  readonly paused = new Set<number>();
  /** Workers that had begun and ended without being killed. */
  readonly ended: string[] = [];

  constructor(
    size: number,
    private readonly settings: WorkerProcessSettings,
    private readonly env: NodeJS.ProcessEnv,
    logFile: string,
  ) {
    this.log = createWriteStream(logFile, { flags: 'a' });
    this.slots = Array.from({ length: size }, () => ({ child: this.start(), isReady: false }));
    for (const slot of this.slots) this.watch(slot);
  }

  /** Workers that poll. */
  get ready(): number {
    return this.slots.filter(({ isReady }) => isReady).length;
  }

  /** Kills one that polls. @param pick of them all, which */
  kill(pick: <T>(from: readonly T[]) => T): boolean {
    const able = this.slots.filter(({ isReady }) => isReady);
    // On a slow machine workers would be killed faster than they begin, and none would ever work.
    if (able.length < this.slots.length / 2) return false;
    const slot = pick(able);
    slot.isReady = false;
    this.kills++;
    slot.child.kill('SIGKILL');
    return true;
  }

  /** Stops one for a while, as a machine that sleeps. */
  async pause(pick: <T>(from: readonly T[]) => T, ms: number): Promise<boolean> {
    const able = this.slots.filter(({ isReady }) => isReady);
    if (able.length === 0) return false;
    const slot = pick(able);
    const { child } = slot;
    // Nobody kills it meanwhile.
    slot.isReady = false;
    if (child.pid !== undefined) this.paused.add(child.pid);
    child.kill('SIGSTOP');
    await new Promise((resolve) => setTimeout(resolve, ms));
    child.kill('SIGCONT');
    if (child.exitCode === null && child.signalCode === null) slot.isReady = true;
    this.pauses++;
    return true;
  }

  async stop(): Promise<void> {
    this.isOver = true;
    await Promise.all(
      this.slots.map(async ({ child }) => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        const ended = once(child, 'exit');
        child.kill('SIGKILL');
        await ended;
      }),
    );
    this.log.end();
  }

  private start(): ChildProcess {
    const child = spawn(process.execPath, ['--import', 'tsx', WORKER], {
      env: {
        ...process.env,
        ...this.env,
        NODE_OPTIONS: '',
        BATON_TEST_WORKER: JSON.stringify(this.settings),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    endWithThisProcess(child, 'SIGKILL');
    child.stdout.pipe(this.log, { end: false });
    child.stderr.pipe(this.log, { end: false });
    return child;
  }

  private watch(slot: Slot): void {
    const { child } = slot;
    let began = false;
    child.stdout?.once('data', () => (slot.isReady = began = true));
    child.once('exit', (code, signal) => {
      slot.isReady = false;
      if (this.isOver) return;
      // One that finds no server cannot begin.
      if (began && signal !== 'SIGKILL')
        this.ended.push(`code ${String(code)} ${String(signal ?? '')}`.trim());
      slot.child = this.start();
      this.watch(slot);
    });
  }
}
