import type { Duration, Priority } from '@temporalio/common';
import { isCancellation, proxyActivities } from '@temporalio/workflow';
import type { FailureCode } from '../agents/failures.js';
import { TURN_ACTIVITY } from '../agents/names.js';
import type { TurnAnswer, TurnFailureDetails, TurnInput, TurnResult } from '../agents/turn.js';
import type { Amount } from '../agents/usage.js';
import type { AgentCall } from './agent-call.js';
import { failure, failureOf } from './fail.js';
import { handOver } from './hand-over.js';
import { amountOf } from './ledger.js';

/** What Temporal must know before an agent's first turn. */
export interface AgentPlacement {
  /** How long one turn may take, retries and waiting included. Default 10 minutes. */
  timeout?: Duration;
  /** How long one attempt of a turn may take. Default 2 minutes. */
  attemptTimeout?: Duration;
  /** Task queue of the workers that have the agent. Default: the run's own. */
  taskQueue?: string;
  priority?: Priority;
}

/** After the death of a worker its turns and tool calls are taken again after this time. */
export const HEARTBEAT_TIMEOUT = '5 seconds';

/** Failures after which another model may do better. */
const FALL_BACK: readonly string[] = [
  'RateLimited',
  'ProviderDown',
  'Unauthorized',
  'BadRequest',
  'OutputInvalid',
  'ContextOverflow',
] satisfies FailureCode[];

/**
 * Has one turn taken, going on to the agent's next model where one fails, and books what it cost.
 * @throws the turn's failure, typed by its code
 */
export async function takeTurn(call: AgentCall): Promise<TurnAnswer> {
  call.turns++;
  const { ledger, transcript } = call;
  for (;;) {
    const grant = reserve(call);
    let result: TurnResult;
    try {
      result = await schedule(call, grant);
    } catch (error) {
      if (isCancellation(error)) {
        ledger.settleUnconfirmed(grant ?? {});
        throw error;
      }
      fallBack(call, error, grant);
      continue;
    }
    if (result.kind === 'quote') {
      ledger.settle(grant ?? {}, {});
      call.quote = result.quote;
      transcript.seen(result.head);
      continue;
    }
    ledger.settle(grant ?? {}, amountOf(result.usage, result.cost));
    call.book(result);
    transcript.seen(result.head);
    transcript.append(result.message, result.digest);
    return result;
  }
}

/** Reserves what the last answer quoted for this turn; nothing before the first quote. */
function reserve({ ledger, quote, name }: AgentCall): Amount | undefined {
  if (!ledger.limited) return undefined;
  const { usd, tokens } = ledger.left;
  // What is not limited need not be granted.
  const amount = {
    ...(usd === undefined ? {} : { usd: quote?.usd ?? 0 }),
    ...(tokens === undefined ? {} : { tokens: quote?.tokens ?? 0 }),
  };
  if (ledger.reserve(amount)) return amount;
  throw failure(
    'BudgetExceeded',
    `the next turn of ${name} may cost ${textOf(amount)}, and ${textOf({ usd, tokens })} is left`,
  );
}

function textOf({ usd, tokens }: Amount): string {
  const parts = [
    usd === undefined ? [] : `$${usd.toFixed(4)}`,
    tokens === undefined ? [] : `${tokens} tokens`,
  ];
  return parts.flat().join(' and ');
}

function schedule(call: AgentCall, grant: Amount | undefined): Promise<TurnResult> {
  const { name, placement, transcript, turns: turn } = call;
  handOver(transcript);
  const activities = proxyActivities<Record<typeof TURN_ACTIVITY, (input: TurnInput) => Promise<TurnResult>>>(
    {
      startToCloseTimeout: placement.attemptTimeout ?? '2 minutes',
      scheduleToCloseTimeout: placement.timeout ?? '10 minutes',
      heartbeatTimeout: HEARTBEAT_TIMEOUT,
      retry: { initialInterval: '1 second', maximumInterval: '30 seconds' },
      summary: `${name} · turn ${turn}`,
      ...(placement.taskQueue === undefined ? {} : { taskQueue: placement.taskQueue }),
      ...(placement.priority === undefined ? {} : { priority: placement.priority }),
    },
  );
  return activities[TURN_ACTIVITY]({
    agent: name,
    ...(call.version === undefined ? {} : { version: call.version }),
    transcript: transcript.id,
    ...transcript.news(),
    turn,
    ...(call.model === 0 ? {} : { model: call.model }),
    ...(call.models === undefined ? {} : { models: call.models }),
    ...(grant ? { grant } : {}),
    span: call.span,
  });
}

/** Moves the call on to its next model, or throws what ended the turn. */
function fallBack(call: AgentCall, error: unknown, grant: Amount | undefined): void {
  const info = failureOf(error);
  if (!info) {
    call.ledger.settleUnconfirmed(grant ?? {});
    throw error;
  }
  const { head, next, usage, cost } = (info.details ?? {}) as TurnFailureDetails;
  // Out of time without an answer: the model may have been paid for.
  if (info.code === 'TimedOut') call.ledger.settleUnconfirmed(grant ?? {});
  else call.ledger.settle(grant ?? {}, usage ? amountOf(usage, cost) : {});
  if (usage) call.spend(usage, cost);
  if (head !== undefined) call.transcript.seen(head);
  if (next === undefined || !FALL_BACK.includes(info.code)) {
    throw failure(info.code as FailureCode, `${call.name}: ${info.message}`, info.details);
  }
  call.model = next;
}
