import {
  ApplicationFailure,
  ChildWorkflowFailure,
  continueAsNew,
  isCancellation,
} from '@temporalio/workflow';
import type { FailureCode } from '../agents/failures.js';
import type { Json } from '../agents/json.js';
import { AGENT_ORCHESTRATION } from '../agents/names.js';
import { leftOutBy } from '../agents/view.js';
import type { AgentCall } from './agent-call.js';
import { share } from './allotment.js';
import { stateOf, type CallState } from './call-state.js';
import { placed, startChild } from './child.js';
import { cutConversation, omission, type CarriedMessage } from './cut-conversation.js';
import { isOutdated } from './deployment-version.js';
import { failure, failureOf } from './fail.js';
import type { HandoffChain } from './hand-off.js';
import { forget } from './hand-over.js';
import { checkRoom, isDue, isLate } from './history-size.js';
import { progressIn } from './progress.js';
import type { AgentResult } from './run-agent.js';
import { runState } from './run-state.js';
import type { AgentPlacement } from './take-turn.js';
import type { Transcript } from './transcript.js';

/** How a call ended. */
export interface CallEnd {
  output: Json;
  agent: Pick<AgentResult<Json>['agent'], 'version' | 'model' | 'modelName' | 'offline' | 'name'>;
}

/** How a call ended that went on in a run of its own. */
export interface MovedEnd extends Omit<AgentResult<Json>, 'transcript'> {
  /** What was said there: the newest of it. */
  messages: CarriedMessage[];
}

/** What a call's run is: `own` where the call is all that it does. A state is there where the call began in another run. */
export type CallPlace = { kind: 'own'; state?: CallState } | { kind: 'part' } | { kind: 'inner' };

/** Bytes of conversation that go along, and at most. */
const KEEP = 200_000;
const MAX_KEEP = 1_000_000;
/** Where what is to be kept and the newest turn alone are more; a payload has 2 MB. */
const MAX_CARRIED = 1_600_000;

/** Turns from which on a call that has not moved yet goes on at the current build of the application. */
const LONG = 50;

/**
 * Whether a call that stands between two turns is to go on in another run, as this one's history is long or its build has been
 * replaced.
 * @param taken turns of the call in this run
 */
export function isToMove({ first, current }: HandoffChain, place: CallPlace, taken: number): boolean {
  const { moveAt } = first.placement;
  switch (place.kind) {
    case 'own':
      // A run takes one turn at least: else what it begins with could be too much for it already.
      if (taken > 0 && isDue(moveAt, place.state === undefined)) return true;
      return isLong(place, taken) && current.version === undefined && isOutdated();
    case 'part':
      return isDue(moveAt, true);
    case 'inner':
      return isLate(moveAt);
    default:
      return place satisfies never;
  }
}

/** A shorter call ends with the definitions that it began with. */
function isLong({ state }: Extract<CallPlace, { kind: 'own' }>, taken: number): boolean {
  return taken >= (state ? 1 : LONG);
}

/**
 * Has a call go on in another run: a run that does nothing else is continued as new; else the call goes on in a child, which
 * gives its end.
 * @returns undefined where it has to go on here, as too much would have to go along
 * @throws HistoryFull; what the call fails with in the child
 */
export async function moveOn(chain: HandoffChain, place: CallPlace): Promise<CallEnd | undefined> {
  const { placement } = chain.first;
  const { state, bytes } = stateOf(chain, keepOf(placement));
  if (bytes > MAX_CARRIED) {
    checkRoom();
    return undefined;
  }
  if (place.kind !== 'own') return goOnInChild(chain, state);
  const fresh = freshIn(chain, place.state);
  return continueInNewRun(chain, { ...state, ...(fresh === undefined ? {} : { fresh }) });
}

/** The run's own arguments come again, but for what the state holds. */
function continueInNewRun({ first, current }: HandoffChain, moved: CallState): Promise<never> {
  const { placement, version } = current;
  const run = runState();
  forget(run.transcripts.ids);
  // Another build may lack the version.
  if (version !== undefined) run.deployment.stays = true;
  return continueAsNew({ agent: first.name, ...placed(placement), moved });
}

async function goOnInChild({ first, current, path }: HandoffChain, state: CallState): Promise<CallEnd> {
  checkRoom();
  const run = runState();
  const { placement, ledger, depth } = current;
  const { priority } = placement;
  const moved: CallState = { ...state, usage: { input: 0, output: 0 }, cost: 0, notes: [], fresh: 0 };
  const limit = share(ledger, 1 / Math.max(1, run.active.size));
  const options = { ...(limit ? { budget: limit } : {}), ...(priority === undefined ? {} : { priority }) };
  const args = { agent: first.name, ...placed(placement), moved };
  try {
    const end = (await startChild(AGENT_ORCHESTRATION, first.name, args, options, {
      span: first.span,
      ledger,
      ...(depth > 0 ? { depth } : {}),
      // What the orchestration gives for a state is such an end.
    })) as MovedEnd;
    current.spend(end.usage, end.cost);
    // The child's own notes say them to those who look at the run.
    for (let call: AgentCall | undefined = current; call; call = call.within) call.notes.push(...end.notes);
    for (const { message, digest } of end.messages) current.transcript.append(message, digest);
    path.splice(0, path.length, ...end.agent.path);
    return end;
  } catch (error) {
    if (isCancellation(error)) throw error;
    const cause = error instanceof ChildWorkflowFailure ? error.cause : undefined;
    const reached = cause instanceof ApplicationFailure ? progressIn(cause.details) : undefined;
    if (reached) {
      current.spend(reached.usage, reached.cost);
      current.turns = reached.turns;
      if (reached.wrote) current.wrote();
    }
    const info = failureOf(error);
    if (!info) throw error;
    throw failure(info.code as FailureCode, info.message, info.details);
  }
}

/** What the call's parent gets of it where it ends in this run. */
export function movedEnd(
  { transcript: _, ...result }: AgentResult<Json>,
  chain: HandoffChain,
  state: CallState,
): MovedEnd {
  const { transcript, placement } = chain.first;
  const messages = newestIn(transcript, (state.fresh ?? 0) + transcript.length - state.messages.length);
  const candidates = messages.flatMap((entry) =>
    leftOutBy(entry.message) === undefined ? [{ ...entry, isKept: false }] : [],
  );
  const left = messages.reduce((sum, { message }) => sum + (leftOutBy(message) ?? 0), 0);
  forget(runState().transcripts.ids);
  return { ...result, messages: cutConversation(candidates, keepOf(placement), left).messages };
}

/** How many messages of the whole conversation the call's parent does not have. */
function freshIn({ first, current }: HandoffChain, state: CallState | undefined): number | undefined {
  if (state?.fresh === undefined) return undefined;
  // Another agent may have begun a transcript of its own here.
  if (current.transcript !== first.transcript) return state.fresh + current.transcript.length;
  return state.fresh + first.transcript.length - state.messages.length;
}

/** The newest messages, and a line for those of them that were left behind. */
function newestIn(transcript: Transcript, count: number): CarriedMessage[] {
  const all = transcript.from(0).map((message, place): CarriedMessage => {
    const digest = transcript.digestAt(place);
    return { message, ...(digest === undefined ? {} : { digest }) };
  });
  const there = all.slice(all.findLastIndex(({ message }) => leftOutBy(message) !== undefined) + 1);
  return count <= there.length
    ? there.slice(there.length - count)
    : [omission(count - there.length), ...there];
}

function keepOf({ keep = KEEP }: AgentPlacement): number {
  return Math.min(keep, MAX_KEEP);
}
