import type { OpenCircuit, TrialRequest, Tried } from '../agents/circuit.js';
import { failure } from './fail.js';

/** Nobody holds back the others for longer. */
export const LONGEST_LEASE_MS = 10 * 60 * 1000;

/**
 * An open circuit: it holds until its cool-down is over, then grants one trial at a time, and is over when one succeeds.
 * Times are milliseconds.
 */
export class Circuit {
  closed = false;

  constructor(private state: OpenCircuit) {}

  get now(): OpenCircuit {
    return this.state;
  }

  /**
   * @param request came by update: anything
   * @throws CircuitOpen where no trial may begin at this time; its details are the circuit, which say when one may
   */
  check(time: number, request: Partial<TrialRequest> | undefined): void {
    const { turn, lease } = request ?? {};
    if (typeof turn !== 'string' || typeof lease !== 'number' || !(lease > 0 && lease <= LONGEST_LEASE_MS))
      throw failure(
        'InputInvalid',
        `a trial is asked for with { "turn": "...", "lease": ms up to ${LONGEST_LEASE_MS} }`,
      );
    const { until, trying } = this.state;
    // A turn that comes again has lost its worker.
    if (this.closed || time >= until || turn === trying) return;
    const what = trying ? 'another is trying the model' : 'its cool-down is not over';
    throw failure('CircuitOpen', what, this.state);
  }

  /** Grants a trial, which is given up when it has taken its lease. Who asks while the circuit is closing asks the model as anybody does. */
  grant(time: number, { turn, lease }: TrialRequest): void {
    if (this.closed) return;
    const { trials } = this.state;
    this.state = { ...this.state, trying: turn, until: time + lease, trials: trials + 1 };
  }

  /**
   * A call of the model ended. An answer closes the circuit, whoever got it; a trial that failed opens it again. It came by signal, which
   * cannot be refused: what is none of these changes nothing.
   */
  tried(tried: Tried | undefined, time: number): void {
    const { trying, ...state } = this.state;
    switch (tried?.kind) {
      case 'answered':
        this.closed = true;
        return;
      case 'unknown':
        if (trying) this.state = { ...state, until: time };
        return;
      case 'down':
        if (!trying) return;
        this.state = {
          ...state,
          why: tried.why,
          until: time + state.coolDown,
          coolDown: Math.min(state.coolDown * 2, state.longest),
        };
    }
  }
}
