import type { LogEntry } from '@temporalio/worker';
import { fewerRetries } from '../../../src/worker/line-logger.js';

const entry = (message: string, seconds: number): LogEntry => ({
  level: 'WARN',
  message,
  timestampNanos: BigInt(seconds) * 1_000_000_000n,
});
const RETRY = 'gRPC call poll_workflow_task_queue retried 6 times';

describe('a server that is away', () => {
  it('is said once in half a minute, and nothing else is left out', () => {
    const written: string[] = [];
    const write = fewerRetries(({ message, timestampNanos }) =>
      written.push(`${timestampNanos / 1_000_000_000n} ${message}`),
    );
    for (const seconds of [0, 0, 5, 29, 30, 45, 61]) write(entry(RETRY, seconds));
    write(entry('something else', 61));
    write(entry('something else', 61));
    expect(written).toEqual([
      `0 ${RETRY}`,
      `30 ${RETRY}`,
      `61 ${RETRY}`,
      '61 something else',
      '61 something else',
    ]);
  });
});
