/**
 * A result, or what `otherwise` gives where the signal is aborted before; by default the signal's reason is thrown. A handler that
 * does not look at its signal must keep neither its place in the worker nor the worker's shutdown.
 */
export async function untilAborted<Result, Other = never>(
  signal: AbortSignal,
  result: Result | Promise<Result>,
  otherwise: () => Other | Promise<Other> = () => Promise.reject(signal.reason as Error),
): Promise<Result | Other> {
  let onAbort = () => {};
  const aborted = new Promise<void>((resolve) => {
    onAbort = resolve;
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', onAbort);
  });
  try {
    return await Promise.race([result, aborted.then(otherwise)]);
  } finally {
    // A listener that is bound to another signal would cost several times as much, at each activity.
    signal.removeEventListener('abort', onAbort);
  }
}
