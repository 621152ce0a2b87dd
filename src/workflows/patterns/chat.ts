import type { Json } from '../../agents/json.js';
import type { FailureInfo } from '../fail.js';

interface ChatTurn {
  speaker: string;
  /** What this speaker was asked for in particular, and why it was its turn: by the moderator or the rule. */
  ask?: string;
  why?: string;
}

/** One entry of a conversation's record. */
export type ChatMessage<T = unknown> =
  | (ChatTurn & { kind: 'said'; output: T })
  /** The turn failed, as code and message tell; the conversation went on. */
  | (ChatTurn & { kind: 'failed'; failure: FailureInfo });

export type Said<T> = Extract<ChatMessage<T>, { kind: 'said' }>;

/** A conversation as those see it who decide how it goes on. */
export interface Chat<T = unknown> {
  task: Json;
  /** All who were invited, in order. */
  speakers: readonly string[];
  /** Those who are still there: who failed too often in a row is left out. */
  present: readonly string[];
  messages: readonly ChatMessage<T>[];
  /** Number of the turn that comes, from 1, and how many there are at most. */
  turn: number;
  max: number;
}

/** What comes next: a speaker, or the end. */
export type NextTurn = ChatTurn | { finished: true; why?: string };

/** A rule that says who speaks next, by name, or null where the conversation is finished. */
export type NextSpeaker<T = unknown> = (
  chat: Chat<T>,
) => NextTurn | string | null | Promise<NextTurn | string | null>;

/** Everybody present in turn, in the order of the speakers. */
export const roundRobin: NextSpeaker = ({ speakers, present, messages }) => {
  const last = messages.findLast(({ speaker }) => speakers.includes(speaker));
  const from = last ? speakers.indexOf(last.speaker) + 1 : 0;
  const inTurn = [...speakers.slice(from), ...speakers.slice(0, from)];
  return inTurn.find((name) => present.includes(name)) ?? null;
};
