import { ApplicationFailure } from '@temporalio/common';
import type { Message } from '../agents/message.js';
import type { Model } from '../agents/models.js';
import type { TurnCompact, TurnFailureDetails, TurnInput } from '../agents/turn.js';
import { inputPlaces, isPinned, isSummary, shownOf, type ShownMessage } from '../agents/view.js';
import type { Conversation } from './conversation.js';
import { failure } from './fail.js';
import { promptLimit } from './models/context-window.js';
import { estimateTokens } from './models/price.js';
import { planView, type PlannedView } from './plan-view.js';
import { sizeOfShown, type PromptSizes, type SizedPrompt } from './prompt-sizes.js';
import type { RegisteredAgent, Registry } from './registry.js';
import { splitPlace, summaryParts } from './summary-parts.js';

const DEFAULT_KEEP = 3;
const DEFAULT_PART = 0.5;
/** Times that one turn is found too long: what is left out each time is half or more. */
const MAX_TIMES = 4;
/** A provider that says that a prompt is too long takes so much of it at least, it is hoped. */
const TAKEN_OF_REJECTED = 0.75;
/** Characters of a token at most, for what cannot be made shorter: the provider is asked where it may just fit. */
const CHARACTERS_OF_TOKEN = 4;
/** A summary has a tenth of the limit, and tokens at most. */
const SUMMARY_PART = 0.1;
const MAX_SUMMARY = 2000;
const CHARACTERS_OF_SUMMARY_TOKEN = 3;
/** What a summariser is asked beside its instructions, in characters. */
const SUMMARISER_ASK = 600;
/** Characters of a text in a message that is cut for a summariser, at least. */
const LEAST_CUT = 200;

export interface PromptSettings {
  registry: Registry;
  sizes: PromptSizes;
  agent: RegisteredAgent;
  input: TurnInput;
  /** Aliases of the agent's models, from the one that is asked on. */
  models: readonly [string, ...string[]];
  model: Model;
  conversation: Conversation;
  runId: string;
  details: TurnFailureDetails;
}

/** What a turn asks its model, and whether it is too long for it. */
export class Prompt {
  readonly shown: readonly ShownMessage[];
  /** As estimated. */
  readonly tokens: number;
  private readonly size: SizedPrompt;
  private readonly frame: number;
  private readonly key: string;

  constructor(private readonly settings: PromptSettings) {
    const { sizes, agent, input, models, conversation, runId } = settings;
    const { messages } = conversation;
    this.shown = shownOf(messages, input.view);
    this.frame = frameSize(agent);
    this.size = {
      size: this.frame + sizeOfShown(this.shown),
      messages: this.shown.length,
      view: input.view,
    };
    this.key = [runId, input.transcript, agent.name, models[0]].join('/');
    this.tokens = sizes.estimate(this.key, this.size);
  }

  /** Tokens that it has at most, as far as is known: scripts with a token for each character show by what the provider counted. */
  get mostTokens(): number {
    return Math.max(estimateTokens(this.size.size), this.tokens);
  }

  /** Notes what the provider counted. */
  answered(tokens: number): void {
    this.settings.sizes.learn(this.key, this.size, tokens);
  }

  /**
   * What is to be left out before the model is asked; undefined where it fits, or where it may fit and there is no more to leave out.
   * @throws ContextOverflow where it cannot fit
   */
  compaction(): TurnCompact | undefined {
    const { limit } = this;
    if (this.tokens <= limit) return undefined;
    if (this.settings.input.whole) return this.splitOrCut(limit);
    const plan = this.mayCompact ? this.plan(limit) : undefined;
    if (plan && (plan.tokens <= limit || this.mayFit(plan.view, limit))) return this.result(plan, limit);
    if (!plan && this.mayFit(this.settings.input.view, limit)) return undefined;
    throw failure('ContextOverflow', this.tooLarge(limit), { details: this.settings.details });
  }

  /** The same where the provider says that the prompt is too long. @throws other failures, and where no more can be left out */
  compactionAfter(failed: unknown): TurnCompact {
    const isOverflow = failed instanceof ApplicationFailure && failed.type === 'ContextOverflow';
    const { agent, input } = this.settings;
    if (!isOverflow || (!input.whole && !agent.context) || !this.mayCompact) throw failed;
    const limit = Math.floor(Math.min(this.limit, this.tokens * TAKEN_OF_REJECTED));
    if (input.whole) {
      const compact = this.split(limit) ?? this.cut(limit);
      if (!compact) throw failed;
      return { ...compact, rejected: true };
    }
    const plan = this.plan(limit);
    if (!plan || plan.tokens >= this.tokens) throw failed;
    return { ...this.result(plan, limit), rejected: true };
  }

  private get limit(): number {
    const { agent, model, input } = this.settings;
    if (!agent.context && !input.whole) return Infinity;
    return Math.min(agent.context?.tokens ?? Infinity, promptLimit(model, agent.spec.limits?.outputTokens));
  }

  private get mayCompact(): boolean {
    return (this.settings.input.compacted ?? 0) < MAX_TIMES;
  }

  /** Of a conversation that is summed up. @throws ContextOverflow where it can be neither split nor cut */
  private splitOrCut(limit: number): TurnCompact | undefined {
    const split = this.split(limit);
    if (split) return split;
    if (this.mayFit(this.settings.input.view, limit)) return undefined;
    const cut = this.mayCompact ? this.cut(limit) : undefined;
    if (cut) return cut;
    throw failure('ContextOverflow', this.tooLarge(limit), { details: this.settings.details });
  }

  private split(limit: number): TurnCompact | undefined {
    const { conversation, input } = this.settings;
    const { messages } = conversation;
    const length = splitPlace(messages, input.view, (message) => sizeOfShown([{ message, place: 0 }]));
    if (length === undefined) return undefined;
    const plan = { view: input.view ?? { from: 0 }, tokens: this.tokens, leavesOut: false };
    return { ...this.result(plan, limit), split: { length, head: conversation.headAt(length) ?? '' } };
  }

  /** Shows as much of each message as fits. */
  private cut(limit: number): TurnCompact | undefined {
    const { conversation, input } = this.settings;
    const cutTo = (cut: number): PlannedView => {
      const view = { ...(input.view ?? { from: 0 }), cut };
      return { view, tokens: this.tokensOf(shownOf(conversation.messages, view)), leavesOut: false };
    };
    let low = LEAST_CUT;
    let high = input.view?.cut ?? this.size.size;
    if (high <= low || cutTo(low).tokens > limit) return undefined;
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (cutTo(middle).tokens <= limit) low = middle;
      else high = middle;
    }
    return this.result(cutTo(low), limit);
  }

  private plan(limit: number): PlannedView | undefined {
    const {
      conversation: { messages },
      input,
      agent,
    } = this.settings;
    const { dropResults = true, keep = DEFAULT_KEEP, to = DEFAULT_PART } = agent.context ?? {};
    const ask = (summary: number) =>
      planView({
        messages,
        view: input.view,
        tokensOf: (shown) => this.tokensOf(shown),
        limit,
        target: limit * to,
        dropResults,
        summary,
        keep,
      });
    const planned = ask(agent.context?.summariser === undefined ? 0 : summaryTokens(limit));
    // There may be room for everything but a summary.
    return planned && planned.tokens > limit ? ask(0) : planned;
  }

  /** By what this prompt was estimated at. */
  private tokensOf(shown: readonly ShownMessage[]): number {
    return Math.ceil(((this.frame + sizeOfShown(shown)) * this.tokens) / this.size.size);
  }

  private mayFit(view: TurnInput['view'], limit: number): boolean {
    const size = this.frame + sizeOfShown(shownOf(this.settings.conversation.messages, view));
    return size / CHARACTERS_OF_TOKEN <= limit;
  }

  private result({ view, tokens, leavesOut }: PlannedView, limit: number): TurnCompact {
    const { conversation, models } = this.settings;
    const summarise = leavesOut ? this.summarise(view.from, limit) : undefined;
    return {
      kind: 'compact',
      head: conversation.head,
      view,
      ...(summarise ? { summarise } : {}),
      tokens: { before: this.tokens, after: tokens, limit },
      model: models[0],
    };
  }

  /** What to have summed up, up to a place. */
  private summarise(to: number, limit: number): TurnCompact['summarise'] {
    const { registry, agent, conversation, input, models: own } = this.settings;
    const { summariser: name = '', ownModels } = agent.context ?? {};
    const summariser = registry.agents.get(name);
    const models = ownModels ? [...own] : undefined;
    const model = registry.model((models ?? summariser?.models)?.[0] ?? '');
    if (!summariser || !model) return undefined;
    const summary = summaryTokens(limit);
    const length = summary * CHARACTERS_OF_SUMMARY_TOKEN;
    const window = promptLimit(model, summariser.spec.limits?.outputTokens);
    const room = Math.min(window, summariser.context?.tokens ?? Infinity, ownModels ? limit : Infinity);
    const frame = frameSize(summariser) + SUMMARISER_ASK + length;
    // Its own request is estimated without what the provider counted here.
    const tokensOf = (size: number) => Math.max(estimateTokens(size), (size * this.tokens) / this.size.size);
    const parts = summaryParts(conversation.messages, {
      view: input.view,
      to,
      fits: (shown) => tokensOf(frame + sizeOfShown(shown)) <= room,
    });
    if (parts.length === 0) return undefined;
    return {
      agent: name,
      ...(models ? { models } : {}),
      parts: parts.map((place) => ({ to: place, head: conversation.headAt(place) ?? '' })),
      length,
    };
  }

  /** Why it cannot fit, the largest first. */
  private tooLarge(limit: number): string {
    const { messages } = this.settings.conversation;
    const tokens = (size: number) => Math.ceil((size * this.tokens) / this.size.size);
    const last = messages.findLastIndex(({ role }) => role === 'assistant');
    const input = inputPlaces(messages);
    const parts = [
      { what: 'instructions, tools and schemas', size: this.frame },
      ...this.shown.map((entry) => ({ what: whatOf(entry, input, last), size: sizeOfShown([entry]) })),
    ];
    const sums = new Map<string, number>();
    for (const { what, size } of parts) sums.set(what, (sums.get(what) ?? 0) + size);
    const largest = [...sums].sort(([, a], [, b]) => b - a).slice(0, 3);
    const list = largest.map(([what, size]) => `${what} (about ${tokens(size)})`).join(', ');
    return `the request has about ${this.tokens} tokens, ${limit} are allowed, and no more can be left out; the largest: ${list}`;
  }
}

function whatOf(
  { message, place }: ShownMessage,
  input: readonly [number, number] | undefined,
  last: number,
): string {
  if (isSummary(message)) return 'the summary';
  if (isPinned(message)) return 'pinned messages';
  if (input && place >= input[0] && place <= input[1]) return 'the input';
  if (place < last) return 'earlier messages';
  return nameOfNewest(message);
}

function nameOfNewest(message: Message): string {
  return message.role === 'tool' ? `the newest result of ${message.tool}` : 'the newest messages';
}

const frames = new WeakMap<RegisteredAgent, number>();

/** Characters of all that stands beside the messages. An agent's definition never changes: it is counted once. */
function frameSize(agent: RegisteredAgent): number {
  const known = frames.get(agent);
  if (known !== undefined) return known;
  const { spec, offers, output } = agent;
  const tools = offers.map(({ name, description, parameters }) => [name, description, parameters]);
  const size = JSON.stringify([spec.instructions, tools, output?.json]).length;
  frames.set(agent, size);
  return size;
}

function summaryTokens(limit: number): number {
  return Math.min(MAX_SUMMARY, Math.floor(limit * SUMMARY_PART));
}
