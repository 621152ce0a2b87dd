import type { Duration } from '@temporalio/common';
import type { Json } from '../../agents/json.js';
import { contain } from '../contain.js';
import { describeAgents } from '../describe-agents.js';
import { failure } from '../fail.js';
import type { Missing } from '../gather.js';
import { agentOf, namedCallOf } from '../named-call.js';
import { builtIn } from '../proxy-agents.js';
import { inSpan } from '../span.js';
import { chatPrompt } from './chat-prompt.js';
import {
  roundRobin,
  type Chat,
  type ChatMessage,
  type NextSpeaker,
  type NextTurn,
  type Said,
} from './chat.js';
import { moderate, type Moderator } from './moderator.js';
import { nameEach, type NamedFunction, type Several } from './name-each.js';
import { Participant } from './participant.js';
import { whyMissing } from '../why-missing.js';

/** An agent that takes text, or a function: it has no memory, so it is told the whole conversation each time. */
export type Speaker<T> = (prompt: string) => Promise<T>;

export interface GroupChatOptions<T> {
  /** Who speaks next. Default `roundRobin`. A name that is not present gives way to who is next by turns. */
  next?: NextSpeaker<T>;
  /** Says instead of a rule who speaks next, and when it is finished: Baton's own moderator, or another in its place. */
  moderator?: true | Moderator;
  /** What the moderator is told of speakers, by name. Default: the agents' own descriptions. */
  descriptions?: Readonly<Record<string, string>>;
  /** Whether the conversation has come to its end, asked after each message. */
  stop?: (messages: readonly Said<T>[]) => boolean | Promise<boolean>;
  /** Turns at most, failed ones included. */
  max: number;
  /** How long one turn may take, and one choice of the moderator. */
  timeout?: Duration;
  /** Failed turns in a row after which a speaker, or the moderator, is left out. Default 2. */
  failures?: number;
}

export interface GroupChatResult<T> {
  /** The record of the conversation, failed turns included. */
  messages: ChatMessage<T>[];
  /** `moderator`: the moderator, or `next`, said that it is finished. `nobodyLeft`: all speakers were left out. */
  ended: 'stopRule' | 'moderator' | 'bound' | 'nobodyLeft';
  /** Why the moderator ended it. */
  why?: string;
  /** Those whose last turn failed, and why. */
  missing: Missing[];
}

/**
 * Has several agents talk with each other. Each has its own transcript, and is told what was said since it last spoke. A failed
 * turn is noted and the conversation goes on; where the moderator fails it goes on by turns.
 * @param speakers those of a record go by their names there
 * @throws TooFewResults where all turns failed, so that nobody has said anything
 */
export function groupChat<T>(
  speakers: Several<Speaker<T>>,
  task: Json,
  options: GroupChatOptions<T>,
): Promise<GroupChatResult<T>> {
  return inSpan('groupChat', () => new GroupChat(speakers, task, options).hold());
}

class GroupChat<T> {
  private readonly speakers: Participant<string, T>[];
  private readonly named: NamedFunction<Speaker<T>>[];
  private readonly moderator: ReturnType<typeof moderatorOf>;
  private readonly messages: ChatMessage<T>[] = [];
  private descriptions: Record<string, string> = {};

  constructor(
    speakers: Several<Speaker<T>>,
    private readonly task: Json,
    private readonly options: GroupChatOptions<T>,
  ) {
    const { max, moderator, next } = options;
    if (!Number.isInteger(max) || max < 1)
      throw failure('ConfigInvalid', `max: ${max} is no number of turns`);
    if (moderator && next)
      throw failure('ConfigInvalid', 'who speaks next is said by next or by moderator: give one');
    this.named = nameEach('groupChat', speakers);
    this.speakers = this.named.map(({ name, fn }) => new Participant(name, fn));
    this.moderator = moderatorOf(moderator);
    if (this.moderator && this.named.some(({ name }) => name === this.moderator?.name))
      throw failure('ConfigInvalid', 'a speaker is called "moderator", as the moderator is');
  }

  async hold(): Promise<GroupChatResult<T>> {
    const { max, stop } = this.options;
    if (this.moderator) this.descriptions = { ...(await describe(this.named)), ...this.options.descriptions };
    for (let turn = 1; turn <= max; turn++) {
      const chat = this.at(turn);
      if (chat.present.length === 0) return this.result('nobodyLeft');
      const next = await inSpan(`turn-${turn}`, () => this.next(chat));
      if ('finished' in next) return this.result('moderator', next.why);
      const message = await inSpan(`turn-${turn}`, () => this.say(chat, next));
      this.messages.push(message);
      if (message.kind === 'said' && (await stop?.(this.said))) return this.result('stopRule');
    }
    return this.result('bound');
  }

  private at(turn: number): Chat<T> {
    const { failures = 2, max } = this.options;
    const nameOf = ({ name }: { name: string }) => name;
    return {
      task: this.task,
      speakers: this.speakers.map(nameOf),
      present: this.speakers.filter((speaker) => speaker.failures < failures).map(nameOf),
      messages: this.messages,
      turn,
      max,
    };
  }

  private async next(chat: Chat<T>): Promise<NextTurn> {
    const { next = roundRobin, failures = 2, timeout } = this.options;
    const { moderator } = this;
    if (moderator && moderator.failures < failures) {
      const outcome = await moderate(moderator, chat, this.descriptions, timeout);
      if (outcome.ok) return outcome.value;
      this.messages.push({ kind: 'failed', speaker: moderator.name, failure: outcome.failure });
    }
    const chosen = await next(chat);
    if (chosen === null) return { finished: true };
    const turn = typeof chosen === 'string' ? { speaker: chosen } : chosen;
    if ('finished' in turn || chat.present.includes(turn.speaker)) return turn;
    // Somebody is present, so it is a name.
    return { speaker: roundRobin(chat) as string };
  }

  private async say(chat: Chat<T>, turn: Exclude<NextTurn, { finished: true }>): Promise<ChatMessage<T>> {
    const { speaker: name, ask } = turn;
    const speaker = this.speakers.find((candidate) => candidate.name === name);
    if (!speaker) throw new Error(`${name} does not take part`);
    const outcome = await speaker.turn(
      chat,
      (news, isNew) => chatPrompt({ speaker: name, chat, news, isNew, ask }),
      (output) => output,
      this.options.timeout,
    );
    return outcome.ok
      ? { kind: 'said', ...turn, output: outcome.value }
      : { kind: 'failed', ...turn, failure: outcome.failure };
  }

  private get said(): Said<T>[] {
    return this.messages.filter((message) => message.kind === 'said');
  }

  private get missing(): Missing[] {
    const all = [...this.speakers, ...(this.moderator ? [this.moderator] : [])];
    return all.flatMap(({ name, lastFailure }) => (lastFailure ? [{ name, ...lastFailure }] : []));
  }

  private result(ended: GroupChatResult<T>['ended'], why?: string): GroupChatResult<T> {
    const { messages, missing } = this;
    if (this.said.length === 0 && ended !== 'moderator')
      throw failure('TooFewResults', `nobody could say anything; ${whyMissing(missing)}`, { missing });
    return { messages, ended, ...(why === undefined ? {} : { why }), missing };
  }
}

function moderatorOf(moderator: true | Moderator | undefined) {
  if (!moderator) return undefined;
  const answer: Moderator = moderator === true ? builtIn('moderator') : moderator;
  return new Participant('moderator', answer);
}

/** The agents' descriptions as their definitions say; none of those that no worker of this task queue knows. */
async function describe(named: readonly NamedFunction<(input: never) => Promise<unknown>>[]) {
  const agents = named.flatMap(({ name, fn }) => {
    const agent = agentOf(namedCallOf(fn));
    return agent === undefined ? [] : [{ name, agent }];
  });
  if (agents.length === 0) return {};
  const cards = await contain(() => describeAgents(agents.map(({ agent }) => agent)));
  if (!cards.ok) return {};
  const known = new Map(cards.value.map(({ name, description }) => [name, description]));
  return Object.fromEntries(agents.map(({ name, agent }) => [name, known.get(agent) ?? '']));
}
