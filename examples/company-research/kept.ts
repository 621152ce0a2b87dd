/** What was fetched, kept for a while, so that a run asks a source for the same thing once. Failures are not kept. */
export class Kept<T> {
  private readonly values = new Map<string, { value: Promise<T>; until: number }>();

  constructor(
    private readonly ms: number,
    private readonly most: number,
  ) {}

  get(key: string, fetch: () => Promise<T>): Promise<T> {
    const known = this.values.get(key);
    // Another call's fetch may have been cancelled with that call: then this one's own is made.
    if (known && known.until > Date.now()) return known.value.catch(() => this.get(key, fetch));
    const value = fetch();
    this.values.delete(key);
    this.values.set(key, { value, until: Date.now() + this.ms });
    value.catch(() => {
      if (this.values.get(key)?.value === value) this.values.delete(key);
    });
    const [oldest] = this.values.keys();
    if (this.values.size > this.most && oldest !== undefined) this.values.delete(oldest);
    return value;
  }
}
