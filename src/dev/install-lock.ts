import { readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** The holder touches its lock this often (ms) ... */
const TOUCH_EVERY_MS = 15_000;
/** ... so a lock untouched for this long (ms) belongs to a process that was killed or stopped. */
const STALE_AFTER_MS = 120_000;

export interface InstallLockOptions<T> {
  /** Asked while another process holds the lock: a value ends the wait and is returned. */
  done(): Promise<T | undefined>;
  onWait(holder: number): void;
  signal?: AbortSignal | undefined;
}

/**
 * Runs `install` in one process of this machine at a time, by the lock file `path`. Where another process
 * holds it, waits until `done` gives a value or the lock is free.
 *
 * The lock saves work, not correctness: after a crash two processes may both take it over, and an install
 * must therefore be atomic by itself (a temporary folder and a rename).
 */
export async function withInstallLock<T>(
  path: string,
  install: () => Promise<T>,
  { done, onWait, signal }: InstallLockOptions<T>,
): Promise<T> {
  let announced = false;
  while (!(await take(path))) {
    const installed = await done();
    if (installed !== undefined) return installed;
    const holder = await holderOf(path);
    if (holder === undefined) {
      await rm(path, { force: true });
      continue;
    }
    if (!announced) onWait(holder);
    announced = true;
    await sleep(500, undefined, { signal });
  }
  const touch = setInterval(
    () => void utimes(path, new Date(), new Date()).catch(() => undefined),
    TOUCH_EVERY_MS,
  );
  touch.unref();
  try {
    return (await done()) ?? (await install());
  } finally {
    clearInterval(touch);
    await rm(path, { force: true });
  }
}

async function take(path: string): Promise<boolean> {
  try {
    await writeFile(path, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** The process id in the lock, 0 if it was not written yet; nothing if the lock is free or stale. */
async function holderOf(path: string): Promise<number | undefined> {
  try {
    const [text, { mtimeMs }] = await Promise.all([readFile(path, 'utf8'), stat(path)]);
    if (Date.now() - mtimeMs > STALE_AFTER_MS) return undefined;
    const pid = Number(text);
    return pid === 0 || isAlive(pid) ? pid : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
