/** A handler that does not look at its signal must keep neither its place in the worker nor the worker's shutdown. */
export async function untilAborted(signal: AbortSignal, result: unknown): Promise<unknown> {
  const ended = new AbortController();
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { signal: ended.signal });
  });
  try {
    return await Promise.race([result, aborted]);
  } finally {
    ended.abort();
  }
}
