import { spawn, type ChildProcess } from 'node:child_process';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Sees to it that `child` ends when this process does: at `process.exit`, an exception, a signal that nobody
 * else handles, and (not on Windows) also when this process is killed outright. Where the application handles
 * a signal itself, ending the child is its own affair, so that it can drain its work first.
 */
export function endWithThisProcess(child: ChildProcess): void {
  const end = () => void child.kill('SIGTERM');
  const onSignal = (signal: NodeJS.Signals) => {
    if (process.listenerCount(signal) > 1) return;
    end();
    process.off(signal, onSignal);
    process.kill(process.pid, signal);
  };
  process.once('exit', end);
  for (const signal of SIGNALS) process.on(signal, onSignal);
  const stopGuard = guardAgainstKill(child);
  const release = () => {
    process.off('exit', end);
    for (const signal of SIGNALS) process.off(signal, onSignal);
    stopGuard();
  };
  child.once('exit', release);
  child.once('error', release);
}

/**
 * A shell that waits on a pipe which closes with this process, however it ends, and then ends the child.
 * Returns a function that calls it off.
 */
function guardAgainstKill(child: ChildProcess): () => void {
  if (process.platform === 'win32' || child.pid === undefined) return () => undefined;
  const guard = spawn('/bin/sh', ['-c', 'read _; kill -TERM "$1"', 'sh', String(child.pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  // A machine without a shell has no guard; the other ways still hold.
  guard.once('error', () => undefined);
  guard.unref();
  (guard.stdin as unknown as { unref?: () => void } | null)?.unref?.();
  return () => void guard.kill('SIGKILL');
}
