/**
 * A result, or what `otherwise` gives where the signal is aborted before; by default the signal's reason is thrown. A handler that
 * does not look at its signal must keep neither its place in the worker nor the worker's shutdown.
 */
export async function untilAborted<Result, Other = never>(
  signal: AbortSignal,
  result: Result | Promise<Result>,
  otherwise: () => Other | Promise<Other> = () => Promise.reject(signal.reason as Error),
): Promise<Result | Other> {
  const ended = new AbortController();
  const aborted = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { signal: ended.signal });
  });
  try {
    return await Promise.race([result, aborted.then(otherwise)]);
  } finally {
    ended.abort();
  }
}
