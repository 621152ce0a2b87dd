/** A list in an order that chance makes, which in a workflow is the same at every replay. */
export function shuffled<T>(list: readonly T[]): T[] {
  const drawn = list.map((value) => ({ value, at: Math.random() }));
  return drawn.sort((a, b) => a.at - b.at).map(({ value }) => value);
}
