import { WorkflowFailedError } from '@temporalio/client';
import { ActivityFailure, ApplicationFailure, CancelledFailure, RetryState } from '@temporalio/common';
import { BatonError } from '../../../src/agents/failures.js';
import { CliError } from '../../../src/cli/failures.js';
import { renderFailure } from '../../../src/cli/render-failure.js';
import { DevError } from '../../../src/dev/dev-error.js';

const PIPE = { write: () => undefined };
const TERMINAL = { ...PIPE, isTTY: true };

const failedBy = (cause: Error) =>
  new WorkflowFailedError('Workflow execution failed', cause, RetryState.TIMEOUT);

describe('renderFailure', () => {
  it.each<[string, unknown, RegExp]>([
    [
      'a failure of the table',
      new BatonError('RunNotFound', 'r1: not there'),
      /^RunNotFound: There is no such run\n {2}r1: not there\n {2}Try: see the runs with: npx baton list\n$/,
    ],
    [
      'a failure with advice of its own',
      new CliError('Usage', 'no', { advice: 'npx baton demo --help' }),
      /^Usage: .*\n {2}no\n {2}Try: npx baton demo --help\n$/,
    ],
    [
      'a failure of the embedded server',
      new DevError('TemporalPortInUse', 'Port 7233 is in use.', 'choose another'),
      /^TemporalPortInUse: The port is taken\n {2}Port 7233 is in use\.\n {2}Try: choose another\n$/,
    ],
    [
      'what failed in a run, below what Temporal wraps around it',
      failedBy(
        new ActivityFailure(
          'activity failed',
          'baton_turn',
          '1',
          RetryState.TIMEOUT,
          undefined,
          ApplicationFailure.nonRetryable('the key is wrong', 'Unauthorized'),
        ),
      ),
      /^Unauthorized: The model provider refused the key, or the account has no credit\n {2}the key is wrong\n {2}Try: set the environment/,
    ],
    [
      "a run's own failure",
      failedBy(ApplicationFailure.nonRetryable('no stock', 'OutOfStock')),
      /^RunFailed: The run failed\n {2}OutOfStock: no stock\n {2}Try: /,
    ],
    [
      'a cancelled run',
      failedBy(new CancelledFailure('cancelled')),
      /^RunCancelled: The run was cancelled\n {2}Try: /,
    ],
    [
      'a server that went away',
      Object.assign(new Error('14 UNAVAILABLE'), { code: 14, details: 'connection refused' }),
      /^ServerUnreachable: .*\n {2}connection refused\n {2}Try: /,
    ],
    [
      'a namespace that is not there',
      Object.assign(new Error('5 NOT_FOUND'), { code: 5, details: 'Namespace acme is not found.' }),
      /^NamespaceUnknown: /,
    ],
    [
      'a namespace that is not there, as a worker is told',
      new Error('Namespace acme was not found or otherwise could not be described: Status { … }'),
      /^NamespaceUnknown: .*\n {2}Namespace acme was not found\n/,
    ],
    [
      'a query without a worker',
      Object.assign(new Error('9'), {
        code: 9,
        details: 'no poller seen for task queue recently, worker may be down',
      }),
      /^WorkerMissing: /,
    ],
    [
      'anything else',
      new TypeError('x is not a function'),
      /^Unexpected: .*\n {2}x is not a function\n {2}Try: .*--debug/,
    ],
  ])('renders %s', (_what, error, expected) => {
    expect(renderFailure(error, PIPE)).toMatch(expected);
  });

  it('shows stacks, of causes too, only for --debug', () => {
    const error = new BatonError('ConfigInvalid', 'agents.ts cannot be loaded', { cause: new Error('boom') });
    expect(renderFailure(error, PIPE)).not.toContain(' at ');
    expect(renderFailure(error, PIPE, { debug: true })).toMatch(/ at [^]*caused by Error: boom\n {4}at /);
  });

  it('colours on a terminal, and not where NO_COLOR is set', () => {
    const error = new BatonError('RunNotFound', 'r1');
    const { NO_COLOR, TERM } = process.env;
    try {
      delete process.env.NO_COLOR;
      process.env.TERM = 'xterm';
      expect(renderFailure(error, TERMINAL)).toContain('\u001b[');
      process.env.NO_COLOR = '1';
      expect(renderFailure(error, TERMINAL)).not.toContain('\u001b[');
    } finally {
      restore({ NO_COLOR, TERM });
    }
  });

  it('keeps to 100 columns', () => {
    const text = renderFailure(new BatonError('ConfigInvalid', 'word '.repeat(60)), PIPE);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
  });
});

function restore(variables: Record<string, string | undefined>): void {
  for (const [name, value] of Object.entries(variables)) {
    if (value === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = value;
  }
}
