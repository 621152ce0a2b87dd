import type { OpenCircuit, TrialRequest, Tried } from '../../../src/agents/circuit.js';
import { Circuit } from '../../../src/workflows/circuit.js';

const opened: OpenCircuit = {
  provider: 'api.example.com',
  model: 'small',
  why: '503',
  since: 0,
  until: 10,
  coolDown: 20,
  longest: 50,
  trials: 0,
};

/** How the circuit answers to one who asks for a trial. */
function asked(circuit: Circuit, time: number, turn = 'another'): string {
  try {
    circuit.check(time, { turn, lease: 30 });
    return 'granted';
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
}

describe('an open circuit', () => {
  it('grants a trial when its cool-down is over, and one at a time', () => {
    const circuit = new Circuit(opened);
    expect(asked(circuit, 9)).toBe('its cool-down is not over');
    expect(asked(circuit, 10)).toBe('granted');
    circuit.grant(10, { turn: 'one', lease: 30 });
    expect(asked(circuit, 11)).toBe('another is trying the model');
    expect(circuit.now).toMatchObject({ trying: 'one', until: 40, trials: 1 });
  });

  it('tells who is refused when to ask again', () => {
    const circuit = new Circuit(opened);
    expect(() => circuit.check(0, { turn: 'one', lease: 30 })).toThrow(
      expect.objectContaining({ type: 'CircuitOpen', details: [opened] }),
    );
  });

  it('gives a trial up that nobody has reported on, as where its worker died', () => {
    const circuit = new Circuit(opened);
    circuit.grant(10, { turn: 'one', lease: 30 });
    expect(asked(circuit, 39)).toBe('another is trying the model');
    expect(asked(circuit, 40)).toBe('granted');
  });

  it('cools down for twice as long after each trial that fails, up to a limit', () => {
    const circuit = new Circuit(opened);
    const waits = [100, 200, 300, 400].map((time) => {
      circuit.grant(time, { turn: 'one', lease: 30 });
      circuit.tried({ kind: 'down', why: `still, at ${time}` }, time);
      return circuit.now.until - time;
    });
    expect(waits).toEqual([20, 40, 50, 50]);
    expect(circuit.now).toMatchObject({ why: 'still, at 400', since: 0, trials: 4 });
    expect(circuit.now.trying).toBeUndefined();
  });

  it('is closed by an answer, also to one who did not ask', () => {
    const circuit = new Circuit(opened);
    circuit.tried({ kind: 'answered' }, 5);
    expect(circuit.closed).toBe(true);
    expect(asked(circuit, 6)).toBe('granted');
  });

  it('counts no trial of who asks while it closes', () => {
    const circuit = new Circuit(opened);
    circuit.grant(10, { turn: 'one', lease: 30 });
    circuit.tried({ kind: 'answered' }, 11);
    circuit.grant(11, { turn: 'another', lease: 30 });
    expect(circuit.now).toMatchObject({ trials: 1, trying: 'one' });
  });

  it('lets the next one try where a trial has shown nothing', () => {
    const circuit = new Circuit(opened);
    circuit.grant(10, { turn: 'one', lease: 30 });
    circuit.tried({ kind: 'unknown' }, 15);
    expect(asked(circuit, 15)).toBe('granted');
    expect(circuit.now.coolDown).toBe(20);
  });

  it.each<[string, unknown]>([
    ['a failure of a call from before', { kind: 'down', why: 'late' }],
    ['a call that was cancelled', { kind: 'unknown' }],
    ['something else', { kind: 'odd' }],
    ['nothing', undefined],
    ['text', 'answered'],
  ])('is not changed by %s', (_, tried) => {
    const circuit = new Circuit(opened);
    circuit.tried(tried as Tried, 5);
    expect(circuit.now).toEqual(opened);
    expect(circuit.closed).toBe(false);
  });

  it('lets a turn try again whose worker died on the first trial', () => {
    const circuit = new Circuit(opened);
    circuit.grant(10, { turn: 'one', lease: 30 });
    expect(asked(circuit, 11, 'one')).toBe('granted');
    expect(asked(circuit, 11, 'another')).toBe('another is trying the model');
  });

  it.each<[unknown]>([
    ...[undefined, null, 'soon', 0, -1, NaN, Infinity].map((lease): [unknown] => [{ turn: 'one', lease }]),
    [{ lease: 30 }],
    [{ turn: 1, lease: 30 }],
    [{}],
    [null],
    [undefined],
    [30],
  ])('refuses %o as the request of a trial', (request) => {
    expect(() => new Circuit(opened).check(100, request as TrialRequest)).toThrow(
      expect.objectContaining({ type: 'InputInvalid' }),
    );
  });
});
