/** Local calls, and milliseconds of them, since Temporal has recorded any: after the death of a worker they are made again. */
const MAX_CALLS = 20;
const MAX_MS = 5_000;

/**
 * Bounds what the death of a worker can cost. The results of local calls are recorded with the end of the workflow task; an
 * ordinary activity ends it. Times are those that local calls report: they are recorded, so a replay counts the same.
 */
export class LocalWork {
  private calls = 0;
  private ms = 0;

  /** Whether a further call may be local; it is counted. */
  take(): boolean {
    if (this.calls >= MAX_CALLS || this.ms >= MAX_MS) return false;
    this.calls++;
    return true;
  }

  took(ms: number): void {
    this.ms += ms;
  }

  /** When the ordinary activity has ended, what was done before it began is recorded. Gives the activity itself. */
  recordedBy<T>(activity: Promise<T>): Promise<T> {
    if (this.calls === 0) return activity;
    const recorded = () => {
      this.calls = 0;
      this.ms = 0;
    };
    // Beside the activity's own promise: a further wait would change the order in which histories were made.
    activity.then(recorded, recorded);
    return activity;
  }
}
