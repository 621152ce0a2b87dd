import { spawn, type ChildProcess } from 'node:child_process';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** One for each child. They share a handler: with one each they would take each other's for the application's. */
const endings = new Set<() => void>();

function endAll(received: NodeJS.Signals): void {
  if (process.listenerCount(received) > 1) return;
  for (const end of endings) end();
  process.off(received, endAll);
  process.kill(process.pid, received);
}

/**
 * Sees to it that `child` ends when this process does: at `process.exit`, an exception, a signal that nobody
 * else handles, and (not on Windows) also when this process is killed outright. Where the application handles
 * a signal itself, ending the child is its own affair, so that it can drain its work first. The child is ended by
 * `signal`.
 */
export function endWithThisProcess(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): void {
  const end = () => void child.kill(signal);
  process.once('exit', end);
  if (endings.size === 0) for (const handled of SIGNALS) process.on(handled, endAll);
  endings.add(end);
  const stopGuard = guardAgainstKill(child, signal);
  const release = () => {
    process.off('exit', end);
    endings.delete(end);
    if (endings.size === 0) for (const handled of SIGNALS) process.off(handled, endAll);
    stopGuard();
  };
  child.once('exit', release);
  child.once('error', release);
}

/**
 * A shell that waits on a pipe which closes with this process, however it ends, and then ends the child.
 * Returns a function that calls it off.
 */
function guardAgainstKill(child: ChildProcess, signal: NodeJS.Signals): () => void {
  if (process.platform === 'win32' || child.pid === undefined) return () => undefined;
  const script = 'read _; kill -"$2" "$1"';
  const guard = spawn('/bin/sh', ['-c', script, 'sh', String(child.pid), signal.slice('SIG'.length)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  // A machine without a shell has no guard; the other ways still hold.
  guard.once('error', () => undefined);
  guard.unref();
  (guard.stdin as unknown as { unref?: () => void } | null)?.unref?.();
  return () => void guard.kill('SIGKILL');
}
