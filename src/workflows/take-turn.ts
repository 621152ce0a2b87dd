import type { Duration, Priority } from '@temporalio/common';
import {
  ActivityFailure,
  DeterminismViolationError,
  isCancellation,
  proxyActivities,
  TimeoutFailure,
} from '@temporalio/workflow';
import type { FailureCode } from '../agents/failures.js';
import { TURN_ACTIVITY } from '../agents/names.js';
import type {
  TurnAnswer,
  TurnCompact,
  TurnFailureDetails,
  TurnInput,
  TurnQuote,
  TurnResult,
} from '../agents/turn.js';
import type { Amount } from '../agents/usage.js';
import type { AgentCall } from './agent-call.js';
import { compact, splitFailure } from './compact.js';
import { hasElsewhere } from './elsewhere.js';
import { failure, failureOf } from './fail.js';
import { handOver } from './hand-over.js';
import type { RunInnerAgent } from './inner-agent.js';
import { amountOf } from './ledger.js';
import { isLocalTurn, takeLocalTurn } from './local-turn.js';
import { runState } from './run-state.js';
import { reserveTurn } from './turn-grant.js';

/** What Temporal must know before an agent's first turn. */
export interface AgentPlacement {
  /** How long one turn may take, retries and waiting included. Default 10 minutes. */
  timeout?: Duration;
  /** How long one attempt of a turn may take. Default 2 minutes. */
  attemptTimeout?: Duration;
  /** Task queue of the workers that have the agent. Default: the run's own. */
  taskQueue?: string;
  priority?: Priority;
  /**
   * Bytes of history at which a long call goes on in another run, if Temporal does not suggest it before (docs/long-agents.md).
   * Default 4,000,000.
   */
  moveAt?: number;
  /** Bytes of conversation that go along then. Default 200,000, about 50,000 tokens; at most 1,000,000. */
  keep?: number;
  /**
   * `local`: turns are local activities, in the process of the workflow, for models that answer in a fraction of a second. Those
   * that Temporal has not recorded yet are taken again after the death of a worker (docs/placement.md).
   */
  placement?: 'local';
}

/** After the death of a worker its turns and tool calls are taken again after this time. */
export const HEARTBEAT_TIMEOUT = '5 seconds';

const RETRY = { initialInterval: '1 second', maximumInterval: '30 seconds' } as const;

/** Failures after which another model may do better. */
const FALL_BACK: readonly string[] = [
  'RateLimited',
  'ProviderDown',
  'CircuitOpen',
  'Unauthorized',
  'BadRequest',
  'OutputInvalid',
  'ContextOverflow',
] satisfies FailureCode[];

/**
 * Has one turn taken, going on to the agent's next model where one fails, and books what it cost.
 * @throws the turn's failure, typed by its code
 */
export async function takeTurn(call: AgentCall, runInner: RunInnerAgent): Promise<TurnAnswer> {
  call.turns++;
  call.compacted = 0;
  call.down = 0;
  const { ledger, transcript } = call;
  const passed: PassedModel[] = [];
  for (;;) {
    if (!call.thrifty && ledger.isTight) {
      call.thrifty = true;
      call.model = 0;
    }
    const reserving = reserveTurn(call);
    const grant = reserving instanceof Promise ? await reserving : reserving;
    let result: TurnResult;
    try {
      result = await schedule(call, grant);
    } catch (error) {
      if (isCancellation(error)) {
        ledger.settleUnconfirmed(grant ?? {});
        throw error;
      }
      passed.push(fallBack(call, error, grant));
      continue;
    }
    if (result.kind === 'quote') {
      settleUnasked(call, result, grant);
      call.quote = result.quote;
      transcript.seen(result.head);
      continue;
    }
    if (result.kind === 'compact') {
      settleUnasked(call, result, grant);
      if (result.split) throw splitFailure(call, result);
      await compact(call, result, runInner);
      continue;
    }
    checkAgent(call, result);
    if (result.uncounted) ledger.settleUnconfirmed(grant ?? {});
    else ledger.settle(grant ?? {}, amountOf(result.usage, result.cost));
    call.book(result);
    if (result.outdated !== undefined) runState().deployment.outdated = result.outdated;
    transcript.seen(result.head);
    transcript.append(result.message, result.digest);
    noteModel(call, result, passed);
    return result;
  }
}

/**
 * All turns are activities of one type, of which Temporal compares no more: an answer that another agent gave would be taken for this
 * one's. The run stands still instead, until a worker comes whose code fits.
 */
function checkAgent({ name }: AgentCall, { agent = name }: TurnAnswer): void {
  if (agent === name) return;
  throw new DeterminismViolationError(`the history has a turn of ${agent} where the code calls ${name}`);
}

/** Books a turn for which no model was asked, but for an attempt that was lost. */
function settleUnasked(
  call: AgentCall,
  { lost, down }: TurnQuote | TurnCompact,
  grant: Amount | undefined,
): void {
  // Nobody knows what the attempt cost, as its worker died: it may be all that was reserved.
  if (lost) call.ledger.settleUnconfirmed(grant ?? {});
  else call.ledger.settle(grant ?? {}, {});
  call.down = down ?? call.down;
}

function schedule(call: AgentCall, grant: Amount | undefined): Promise<TurnResult> {
  const { transcript } = call;
  const input: TurnInput = {
    agent: call.name,
    ...(call.version === undefined ? {} : { version: call.version }),
    transcript: transcript.id,
    ...transcript.news(),
    turn: call.turns,
    ...(call.model === 0 ? {} : { model: call.model }),
    ...(call.models === undefined ? {} : { models: call.models }),
    ...(grant ? { grant } : {}),
    ...(call.down > 0 ? { down: call.down } : {}),
    ...(call.thrifty ? { thrifty: true as const } : {}),
    ...(hasElsewhere() ? { elsewhere: true as const } : {}),
    span: call.span,
    ...(transcript.view ? { view: transcript.view } : {}),
    ...(call.compacted > 0 ? { compacted: call.compacted } : {}),
    ...(call.whole ? { whole: true as const } : {}),
  };
  const ordinary = () => scheduleActivity(call, input);
  return isLocalTurn(call, input) ? takeLocalTurn(call, input, ordinary) : ordinary();
}

function scheduleActivity({ name, placement, transcript }: AgentCall, input: TurnInput): Promise<TurnResult> {
  handOver(transcript);
  const activities = proxyActivities<Record<typeof TURN_ACTIVITY, (input: TurnInput) => Promise<TurnResult>>>(
    {
      startToCloseTimeout: placement.attemptTimeout ?? '2 minutes',
      scheduleToCloseTimeout: placement.timeout ?? '10 minutes',
      heartbeatTimeout: HEARTBEAT_TIMEOUT,
      retry: RETRY,
      summary: `${name} · turn ${input.turn}`,
      // A turn that is dispatched eagerly would go round the limits of the queue that was asked for.
      ...(placement.taskQueue === undefined
        ? {}
        : { taskQueue: placement.taskQueue, allowEagerDispatch: false }),
      ...(placement.priority === undefined ? {} : { priority: placement.priority }),
    },
  );
  return runState().local.recordedBy(activities[TURN_ACTIVITY](input));
}

interface PassedModel {
  model: string;
  code: string;
  message: string;
}

/** Notes which models did not answer, and where a cheaper one did, the first time. */
function noteModel(call: AgentCall, { model, thrifty }: TurnAnswer, passed: readonly PassedModel[]): void {
  for (const { model: failed, ...why } of passed)
    call.note({ kind: 'model', instead: `${model} answered instead of ${failed}`, ...why });
  if (!thrifty || call.notes.some(({ kind }) => kind === 'cheaper')) return;
  const message = 'the soft budget is spent';
  call.note({ kind: 'cheaper', instead: `${model} answers from now on`, code: 'BudgetExceeded', message });
}

/**
 * Moves the call on to its next model, or throws what ended the turn.
 * @returns the model that failed, and how
 */
function fallBack(call: AgentCall, error: unknown, grant: Amount | undefined): PassedModel {
  const info = failureOf(error);
  if (!info) {
    call.ledger.settleUnconfirmed(grant ?? {});
    throw error;
  }
  const {
    head,
    next,
    usage,
    cost,
    maybePaid,
    model = 'a model',
  } = (info.details ?? {}) as TurnFailureDetails;
  // Out of time without an answer: the model may have been paid for.
  const isLate = error instanceof ActivityFailure && error.cause instanceof TimeoutFailure;
  if (isLate || maybePaid) call.ledger.settleUnconfirmed(grant ?? {});
  else call.ledger.settle(grant ?? {}, usage ? amountOf(usage, cost) : {});
  if (usage) call.spend(usage, cost);
  if (head !== undefined) call.transcript.seen(head);
  if (next === undefined || !FALL_BACK.includes(info.code)) {
    throw failure(info.code as FailureCode, `${call.name}: ${info.message}`, info.details);
  }
  call.model = next;
  call.down = 0;
  return { model, code: info.code, message: info.message };
}
