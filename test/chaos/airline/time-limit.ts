export const LATE = 'stuck: it did not end in time';

export interface TimeLimit {
  readonly isOver: boolean;
  /** Rejects when the time is over. */
  readonly late: Promise<never>;
  stop(): void;
}

/** Begins with the call. */
export function timeLimit(ms: number): TimeLimit {
  let isOver = false;
  let stop = () => {};
  const late = new Promise<never>((_, reject) => {
    const timer = setTimeout(() => {
      isOver = true;
      reject(new Error(LATE));
    }, ms);
    stop = () => clearTimeout(timer);
  });
  late.catch(() => undefined);
  return {
    get isOver() {
      return isOver;
    },
    late,
    stop: () => stop(),
  };
}
