import type { Message } from '../agents/message.js';
import { inputPlaces, isSummary, shownOf, startOf, type ShownMessage, type View } from '../agents/view.js';

export interface ViewRequest {
  messages: readonly Message[];
  /** What is shown so far. */
  view: View | undefined;
  /** Tokens of a request that shows so much, with all that stands beside the messages. */
  tokensOf(shown: readonly ShownMessage[]): number;
  /** Tokens of a request at most, and what is wanted, which is less. */
  limit: number;
  target: number;
  /** Whether old results of tools are left out before anything else. */
  dropResults: boolean;
  /** Tokens to allow for the summary of messages that are left out; 0 where there will be none. */
  summary: number;
  /** Newest turns to show word for word, as far as they fit. */
  keep: number;
}

export interface PlannedView {
  view: View;
  tokens: number;
  /** Whether messages are left out that the view before showed. */
  leavesOut: boolean;
}

/**
 * What to show of a conversation that is too long, in one large step: a small one would be followed by the next soon, and each
 * costs what the provider had cached of the prompt. Nothing that was left out comes back. Where what must be shown is over the limit
 * by itself, it is shown alone; undefined where nothing more can be left out.
 */
export function planView(request: ViewRequest): PlannedView | undefined {
  const { messages, view, limit, target, dropResults } = request;
  const shownFrom = view ? startOf(messages, view.from) : 0;
  const newest = newestStart(messages);
  const cuts = cutsOf(messages).filter((place) => place > shownFrom && place <= newest);
  const kept = Math.min(newest, keptStart(messages, request.keep));
  // What comes near the limit would be too long again soon.
  const enough = (target + limit) / 2;
  const results = (places: readonly number[], base?: View) =>
    dropResults ? places.map((place) => withResults(request, base ?? view ?? { from: 0 }, place)) : [];
  const left = (places: readonly number[]) => places.map((place) => withFrom(request, place));
  const old = cuts.filter((place) => place <= kept);
  const recent = cuts.filter((place) => place > kept);
  const lastOld = old.at(-1);
  return (
    firstWithin(results(old), target, enough) ??
    firstWithin(left(old), target, enough) ??
    firstWithin(
      results(recent, lastOld === undefined ? undefined : withFrom(request, lastOld)().view),
      target,
      enough,
    ) ??
    firstWithin(left(recent), target, enough) ??
    firstWithin(left(cuts), target, limit) ??
    left(cuts).at(-1)?.()
  );
}

type Candidate = () => PlannedView;

/**
 * The first of the candidates, each of which shows less than the one before, that is within the target; else the last one, where
 * it is within `enough`.
 */
function firstWithin(
  candidates: readonly Candidate[],
  target: number,
  enough: number,
): PlannedView | undefined {
  let low = 0;
  let high = candidates.length - 1;
  const last = candidates[high]?.();
  if (!last || last.tokens > enough) return undefined;
  if (last.tokens > target) return last;
  let found = last;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const planned = candidates[middle]?.();
    if (planned && planned.tokens <= target) {
      found = planned;
      high = middle;
    } else low = middle + 1;
  }
  return found;
}

function withResults(request: ViewRequest, base: View, place: number): Candidate {
  return () => {
    const { messages, view, tokensOf, summary } = request;
    const next = { ...base, results: Math.max(place, base.results ?? 0) };
    const leavesOut = base.from > (view?.from ?? 0);
    const tokens = tokensOf(shownOf(messages, next)) + (leavesOut ? summary : 0);
    return { view: next, tokens, leavesOut };
  };
}

function withFrom({ messages, view, tokensOf, summary }: ViewRequest, from: number): Candidate {
  return () => {
    const { input: _, ...rest } = { ...summaryBefore(messages, from), ...view };
    const given = inputPlaces(messages);
    const next = { ...rest, from, ...(given && given[0] < from ? { input: given } : {}) };
    // The summary that there is goes into the next one.
    const shown = shownOf(messages, next).filter(({ message }) => summary === 0 || !isSummary(message));
    return { view: next, tokens: tokensOf(shown) + summary, leavesOut: true };
  };
}

/** A summary that came with the conversation, as from an earlier run, is kept as well. */
function summaryBefore(messages: readonly Message[], from: number): Pick<View, 'summary' | 'summarised'> {
  const place = messages
    .slice(0, from)
    .findLastIndex((message) => isSummary(message) && !('leftOut' in message));
  return place < 0 ? {} : { summary: place, summarised: place + 1 };
}

/** Places at which the conversation can begin: never between a call and its results, an answer and its repair, or context and input. */
export function cutsOf(messages: readonly Message[]): number[] {
  return messages.flatMap((message, place) => {
    if (message.role === 'assistant') return [place];
    const isBegin = message.role === 'user' && !message.repair && !message.summary;
    return isBegin && !isGivenAt(messages, place - 1) ? [place] : [];
  });
}

function isGivenAt(messages: readonly Message[], place: number): boolean {
  const message = messages[place];
  return message?.role === 'user' && !message.repair && !message.summary;
}

/** Where that begins which the model has not answered yet: the newest calls with their results, or what it was given. */
function newestStart(messages: readonly Message[]): number {
  const answer = messages.findLastIndex(({ role }) => role === 'assistant');
  let given = messages.length;
  while (given > 0 && (isGivenAt(messages, given - 1) || isSummary(messages[given - 1]))) given--;
  // Nothing was said since the answer but what it was given anew.
  const first = messages.findIndex((_, place) => place >= given && isGivenAt(messages, place));
  return first >= 0 ? first : Math.max(0, answer);
}

/** Where the newest turns begin. */
function keptStart(messages: readonly Message[], turns: number): number {
  const answers = messages.flatMap(({ role }, place) => (role === 'assistant' ? [place] : []));
  return answers.at(-turns) ?? 0;
}
