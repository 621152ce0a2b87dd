import { CancellationScope } from '@temporalio/workflow';

/**
 * Runs `fn` over the items, at most `size` at once, and gives the results in the items' order. The first failure is thrown: what is
 * under way is cancelled, and no other item is begun.
 */
export async function inWindow<T, R>(
  size: number,
  items: readonly T[],
  fn: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const scope = new CancellationScope();
  let next = 0;
  const lane = async () => {
    while (next < items.length) {
      const index = next++;
      try {
        results[index] = await fn(items[index] as T, index);
      } catch (error) {
        next = items.length;
        scope.cancel();
        throw error;
      }
    }
  };
  await scope.run(() => Promise.all(Array.from({ length: Math.min(size, items.length) }, lane)));
  return results;
}
