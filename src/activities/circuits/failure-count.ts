/** Counts what fails in a row within a time, by key. */
export class FailureCount {
  private readonly times = new Map<string, number[]>();

  /** @param within milliseconds */
  constructor(
    private readonly limit: number,
    private readonly within: number,
  ) {}

  /** Whether the limit is reached with this one; the count then begins anew. */
  failed(key: string, now: number): boolean {
    const recent = (this.times.get(key) ?? []).filter((time) => time > now - this.within);
    recent.push(now);
    if (recent.length < this.limit) {
      this.times.set(key, recent);
      return false;
    }
    this.times.delete(key);
    return true;
  }

  succeeded(key: string): void {
    this.times.delete(key);
  }
}
