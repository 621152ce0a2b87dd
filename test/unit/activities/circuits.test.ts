import { InterceptingCall, type Interceptor } from '@grpc/grpc-js';
import { Client, Connection } from '@temporalio/client';
import { MockActivityEnvironment } from '@temporalio/testing';
import { circuitSettings, type CircuitOptions } from '../../../src/activities/circuits/circuit-settings.js';
import { Circuits } from '../../../src/activities/circuits/circuits.js';
import { FailureCount } from '../../../src/activities/circuits/failure-count.js';
import { targetOf } from '../../../src/activities/circuits/target.js';
import { failure } from '../../../src/activities/fail.js';
import { testServer } from '../../support/server.js';

describe('FailureCount', () => {
  it('counts what fails in a row, each key for itself', () => {
    const count = new FailureCount(3, 100);
    expect([1, 2].map((time) => count.failed('a', time))).toEqual([false, false]);
    expect(count.failed('b', 3)).toBe(false);
    count.succeeded('b');
    expect(count.failed('a', 4)).toBe(true);
    expect(count.failed('a', 5)).toBe(false);
    expect([6, 7].map((time) => count.failed('b', time))).toEqual([false, false]);
  });

  it('forgets failures that are longer ago', () => {
    const count = new FailureCount(2, 100);
    expect([0, 101, 202, 250].map((time) => count.failed('a', time))).toEqual([false, false, false, true]);
  });
});

describe('circuitSettings', () => {
  it('has defaults, and takes times as milliseconds or text', () => {
    expect(circuitSettings()).toEqual({ failures: 5, within: 30_000, coolDown: 10_000, longest: 120_000 });
    expect(circuitSettings({ coolDown: '3 minutes', within: 500 })).toMatchObject({
      within: 500,
      coolDown: 180_000,
      longest: 180_000,
    });
    expect(circuitSettings(false)).toBeUndefined();
  });

  it.each<[string, object]>([
    ['failures', { failures: 0 }],
    ['failures', { failures: 1.5 }],
    ['within', { within: -1 }],
    ['coolDown', { coolDown: 'a while' }],
    ['coolDown', { coolDown: '-5 seconds' }],
    ['longestCoolDown', { longestCoolDown: '' }],
    ['tries', { tries: 3 }],
  ])('refuses a wrong %s: %o', (option, given) => {
    expect(() => circuitSettings(given as CircuitOptions)).toThrow(
      expect.objectContaining({ code: 'ConfigInvalid', message: expect.stringContaining(option) as string }),
    );
  });
});

describe('targetOf', () => {
  it('is the host of the provider and its name of the model', () => {
    const model = 'vendor/model';
    expect(targetOf({ model, baseUrl: 'https://gateway.example.com:8443/v1' })).toEqual({
      provider: 'gateway.example.com:8443',
      model,
      id: 'baton_circuit/gateway.example.com:8443/vendor/model',
    });
  });
});

/** Calls of Temporal's that fail, or never come back. */
function faulty(how: 'fails' | 'hangs', ...calls: string[]): Interceptor {
  return (options, next) => {
    if (!calls.some((call) => options.method_definition.path.endsWith(`/${call}`)))
      return new InterceptingCall(next(options));
    if (how === 'fails') throw new Error('Temporal is away');
    return new InterceptingCall(next(options), { start: () => undefined });
  };
}

describe.each(['fails', 'hangs'] as const)('where a call to Temporal %s', (how) => {
  const guarded = async (circuits: Circuits, ask: () => Promise<string>, ...calls: string[]) => {
    const { address } = await testServer();
    const connection = await Connection.connect({ address, interceptors: [faulty(how, ...calls)] });
    const environment = new MockActivityEnvironment({}, { client: new Client({ connection }) });
    const model = { model: 'small', baseUrl: `http://${how}.example.com` };
    const call = { alias: 'small', model, later: [], elsewhere: false, details: {} };
    try {
      return await environment.run(() => circuits.guard(call, ask));
    } finally {
      await connection.close();
    }
  };
  const answer = () => Promise.resolve('answered');

  test.concurrent('a turn is taken without the list of open circuits', async () => {
    const circuits = new Circuits(circuitSettings());
    for (const _ of [1, 2, 3])
      expect(await guarded(circuits, answer, 'ListWorkflowExecutions')).toBe('answered');
  });

  test.concurrent('a circuit that cannot be opened for the fleet is open in this worker', async () => {
    const circuits = new Circuits(circuitSettings({ failures: 2 }));
    const calls = ['ListWorkflowExecutions', 'StartWorkflowExecution'];
    const down = () => Promise.reject(failure('ProviderDown', '503'));
    for (const _ of [1, 2])
      await expect(guarded(circuits, down, ...calls)).rejects.toMatchObject({ type: 'ProviderDown' });
    await expect(guarded(circuits, answer, ...calls)).rejects.toMatchObject({
      type: 'CircuitOpen',
      nonRetryable: false,
      message: expect.stringContaining('503; it is tried again in') as string,
    });
  });
});
