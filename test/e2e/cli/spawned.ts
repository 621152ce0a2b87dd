import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const BIN = fileURLToPath(new URL('../../../dist/cli/bin.js', import.meta.url));

/** A command of the built package in a process of its own. */
export class Spawned {
  private text = '';
  readonly ended: Promise<number | null>;

  constructor(private readonly child: ChildProcess) {
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (chunk: string) => (this.text += chunk));
    this.ended = new Promise((resolve) => child.once('exit', resolve));
  }

  /** Everything that it has written. */
  get output(): string {
    return this.text;
  }

  /** Resolves when it has written what fits. @throws where it ends, or 60 s pass, before */
  async says(expected: RegExp): Promise<string> {
    const until = Date.now() + 60_000;
    while (!expected.test(this.text)) {
      if (this.child.exitCode !== null || Date.now() > until)
        throw new Error(`it did not say ${expected}, but:\n${this.text}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return this.text;
  }

  /** Sends a signal and gives the exit code. */
  stop(signal: NodeJS.Signals = 'SIGINT'): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill(signal);
    return this.ended;
  }
}

export function baton(argv: string[], { cwd, env = {} }: { cwd: string; env?: NodeJS.ProcessEnv }): Spawned {
  const { OPENAI_API_KEY: _key, OPENAI_BASE_URL: _url, TEMPORAL_ADDRESS: _address, ...rest } = process.env;
  const child = spawn(process.execPath, [BIN, ...argv], {
    cwd,
    env: { ...rest, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return new Spawned(child);
}
