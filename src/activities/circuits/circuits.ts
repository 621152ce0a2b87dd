import { Context, log } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { OpenCircuit, Tried } from '../../agents/circuit.js';
import type { Model } from '../../agents/models.js';
import type { TurnFailureDetails } from '../../agents/turn.js';
import { failure } from '../fail.js';
import { circuitMetrics } from './circuit-metrics.js';
import { askTrial, endCircuit, openCircuit, tellCircuit } from './circuit-run.js';
import type { CircuitSettings } from './circuit-settings.js';
import { FailureCount } from './failure-count.js';
import { KnownCircuits } from './known-circuits.js';
import { targetOf, type Target } from './target.js';

export interface GuardedCall {
  /** Alias of the model. */
  alias: string;
  model: Model;
  /** The models that come after it, with their places in the agent's list. */
  later: readonly { place: number; model: Model }[];
  /** Whether something else stands for the call if it fails. */
  elsewhere: boolean;
  details: TurnFailureDetails;
}

/** On which terms a model is asked. */
type Pass = 'closed' | 'trial' | 'silent';

/** How long (ms) a turn waits while another one tries the model. */
const WHILE_TRYING_MS = 2_000;
/** Waits are spread over so long (ms), so that not all turns come back at once. */
const SPREAD_MS = 1_000;
/** A circuit whose workers did not answer is not asked again for so long (ms). */
const SILENT_MS = 30_000;
/** How long (ms) a trial may take where the activity has no time-out of its own. */
const TRIAL_MS = 120_000;
const MAX_WHY = 300;

/**
 * The circuit breaker of a worker: it leaves alone a model whose provider is down. What it finds it shares with the fleet by a run of
 * Baton's own for each circuit that is open; in doubt the model is asked.
 */
export class Circuits {
  private readonly known = new KnownCircuits(circuitMetrics.open);
  private readonly count: FailureCount;
  /** Circuits that this worker asks for a trial just now. */
  private readonly asking = new Set<string>();
  /** Circuits whose workers did not answer, and until when they are not asked again. */
  private readonly silent = new Map<string, number>();

  /** @param settings absent: every model is asked */
  constructor(private readonly settings: CircuitSettings | undefined) {
    this.count = new FailureCount(settings?.failures ?? 0, settings?.within ?? 0);
  }

  /**
   * Asks a model, unless its circuit is open, and tells the circuit how it went.
   * @param ask is told whether it is the one trial of a circuit that is open
   * @throws CircuitOpen: final with the place of another model in its details, or where something else stands for the call; else to be
   * tried again when the model may be asked
   */
  async guard<T>(call: GuardedCall, ask: (isTrial: boolean) => Promise<T>): Promise<T> {
    if (!this.settings) return ask(false);
    const target = targetOf(call.model);
    const pass = await this.pass(call, target);
    try {
      const answer = await ask(pass === 'trial');
      await this.report(target, pass, { kind: 'answered' }, this.settings);
      return answer;
    } catch (error) {
      await this.report(target, pass, meaningOf(error), this.settings);
      throw error;
    }
  }

  /** Which of the models are left alone now. */
  async open(models: readonly (Model | undefined)[]): Promise<boolean[]> {
    if (!this.settings) return models.map(() => false);
    await this.known.refresh(Context.current().client);
    return models.map((model) => model !== undefined && this.stateOf(model) === 'open');
  }

  private async pass(call: GuardedCall, target: Target): Promise<Pass> {
    const { client, info } = Context.current();
    const { id } = target;
    await this.known.refresh(client);
    const circuit = this.known.get(id);
    if (!circuit) return 'closed';
    const turn = `${info.workflowExecution?.workflowId}/${info.activityId}`;
    // One that was trying the model when its worker died goes on with that.
    const isOpen = stateOf(circuit) === 'open' && circuit.trying !== turn;
    if (isOpen || this.asking.has(id)) throw this.skip(call, target, circuit);
    if ((this.silent.get(id) ?? 0) > Date.now()) return 'silent';
    this.asking.add(id);
    const answer = await askTrial(client, id, { turn, lease: info.startToCloseTimeoutMs || TRIAL_MS });
    this.asking.delete(id);
    switch (answer.kind) {
      case 'granted':
        return 'trial';
      case 'over':
        this.known.learn(target, undefined);
        return 'closed';
      case 'silent':
        this.silent.set(id, Date.now() + SILENT_MS);
        return 'silent';
      case 'refused':
        this.known.learn(target, answer.circuit);
        throw this.skip(call, target, answer.circuit);
    }
  }

  /** The failure of a turn whose model is left alone. */
  private skip({ alias, later, elsewhere, details }: GuardedCall, target: Target, circuit: OpenCircuit) {
    circuitMetrics.skipped(target);
    const wait = circuit.trying ? WHILE_TRYING_MS : Math.max(0, circuit.until - Date.now());
    const others = later.map(({ place, model }) => ({
      place,
      state: this.stateOf(model),
    }));
    // One that may be tried is better than none: nobody else might come to try it.
    const next =
      others.find(({ state }) => state === 'closed') ?? others.find(({ state }) => state === 'ready');
    const seconds = Math.max(1, Math.ceil(wait / 1000));
    const then = circuit.trying ? 'it is being tried' : `it is tried again in ${seconds} s`;
    const { next: _, ...rest } = details;
    return failure(
      'CircuitOpen',
      `"${alias}" (${target.model} at ${target.provider}): ${circuit.why}; ${then}`,
      {
        details: next ? { ...rest, next: next.place } : rest,
        final: next !== undefined || elsewhere,
        ...(next || elsewhere ? {} : { retryAfter: wait + Math.random() * SPREAD_MS }),
      },
    );
  }

  private stateOf(model: Model) {
    return stateOf(this.known.get(targetOf(model).id));
  }

  /** Tells the circuit how a call went. A failure of that changes nothing of the turn. */
  private async report(target: Target, pass: Pass, tried: Tried, settings: CircuitSettings): Promise<void> {
    try {
      if (pass === 'trial') await this.afterTrial(target, tried);
      else if (tried.kind === 'answered') await this.answered(target, pass);
      else if (tried.kind === 'down') await this.failed(target, pass, tried.why, settings);
    } catch (error) {
      log.warn('the fleet could not be told of a circuit', { circuit: target.id, error });
    }
  }

  private async afterTrial(target: Target, tried: Tried): Promise<void> {
    if (tried.kind === 'answered') {
      this.count.succeeded(target.id);
      this.known.learn(target, undefined);
    }
    await tellCircuit(Context.current().client, target.id, tried);
  }

  private async answered(target: Target, pass: Pass): Promise<void> {
    this.count.succeeded(target.id);
    if (pass !== 'silent') return;
    this.silent.delete(target.id);
    this.known.learn(target, undefined);
    await endCircuit(Context.current().client, target.id);
  }

  private async failed(target: Target, pass: Pass, why: string, settings: CircuitSettings): Promise<void> {
    const now = Date.now();
    if (!this.count.failed(target.id, now)) return;
    // Calls that had begun before it opened fail afterwards.
    if (pass === 'closed' && this.known.get(target.id)) return;
    const { id, provider, model } = target;
    const circuit: OpenCircuit = {
      provider,
      model,
      why,
      since: now,
      until: now + settings.coolDown,
      coolDown: Math.min(settings.coolDown * 2, settings.longest),
      longest: settings.longest,
      trials: 0,
    };
    this.known.learn(target, circuit);
    this.silent.delete(id);
    circuitMetrics.opened(target);
    log.warn('circuit opened: the model is not asked for a while', { provider, model, why });
    const { client, info } = Context.current();
    await openCircuit(client, circuit, { id, taskQueue: info.taskQueue, replace: pass === 'silent' });
  }
}

/** `ready`: it may be tried. */
function stateOf(circuit: OpenCircuit | undefined): 'closed' | 'open' | 'ready' {
  if (!circuit) return 'closed';
  return circuit.until > Date.now() ? 'open' : 'ready';
}

/** What a failed call says of its provider: any answer but that of being down is one. */
function meaningOf(error: unknown): Tried {
  if (!(error instanceof ApplicationFailure)) return { kind: 'unknown' };
  switch (error.type) {
    case 'ProviderDown':
      return { kind: 'down', why: error.message.slice(0, MAX_WHY) };
    // The key may be missing on this worker, so that nobody was asked.
    case 'Unauthorized':
      return { kind: 'unknown' };
    default:
      return { kind: 'answered' };
  }
}
