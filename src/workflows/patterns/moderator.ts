import type { Duration } from '@temporalio/common';
import type { ModeratorChoice, ModeratorInput } from '../../agents/built-in/moderator.js';
import type { Json } from '../../agents/json.js';
import type { Outcome } from '../contain.js';
import { failure } from '../fail.js';
import type { Chat, ChatMessage, NextTurn } from './chat.js';
import type { Participant } from './participant.js';

/** Who leads: an agent such as Baton's own, or a function. What it has nothing to say about it may leave out. */
export type Moderator = (input: ModeratorInput) => Promise<Partial<ModeratorChoice>>;

/** Has the moderator say who is next. It keeps its own transcript: the task and who is there it is told once. */
export async function moderate(
  moderator: Participant<ModeratorInput, Partial<ModeratorChoice>>,
  chat: Chat,
  descriptions: Readonly<Record<string, string>>,
  timeout: Duration | undefined,
): Promise<Outcome<NextTurn>> {
  const { task, speakers, present, turn, max } = chat;
  const inputOf = (news: readonly ChatMessage[], isNew: boolean): ModeratorInput => ({
    ...(isNew
      ? { task, participants: speakers.map((name) => ({ name, description: descriptions[name] ?? '' })) }
      : {}),
    messages: news.map(asTold),
    present: [...present],
    turnsLeft: max - turn + 1,
  });
  return moderator.turn(chat, inputOf, (choice) => nextTurn(choice, present), timeout);
}

/** @throws OutputInvalid where it names nobody who is present */
function nextTurn(
  { finished, next, ask, reason }: Partial<ModeratorChoice>,
  present: readonly string[],
): NextTurn {
  const why = reason ? { why: reason } : {};
  if (finished) return { finished, ...why };
  const speaker = nameMeant(next ?? '', present);
  if (speaker !== undefined) return { speaker, ...(ask ? { ask } : {}), ...why };
  throw failure(
    'OutputInvalid',
    `the moderator named "${(next ?? '').slice(0, 100)}" as the next speaker; there are: ${present.join(', ')}`,
  );
}

function asTold(message: ChatMessage): ModeratorInput['messages'][number] {
  const { speaker, kind, ask } = message;
  if (kind === 'failed') return { speaker, failed: message.failure.code };
  // A speaker's output crosses the wire anyway, as the result of its turn.
  return { speaker, ...(ask === undefined ? {} : { ask }), says: (message.output ?? null) as Json };
}

/** The name that a model means: exactly, else in other case, else the only one that its words hold. */
export function nameMeant(text: string, names: readonly string[]): string | undefined {
  if (names.includes(text)) return text;
  const said = text.trim().toLowerCase();
  const same = names.filter((name) => name.toLowerCase() === said);
  const held = names.filter((name) => name !== '' && holdsWord(said, name.toLowerCase()));
  return same.length > 0 ? same[0] : held.length === 1 ? held[0] : undefined;
}

function holdsWord(text: string, word: string): boolean {
  const isPart = (character: string | undefined) =>
    character !== undefined && /[\p{L}\p{N}_]/u.test(character);
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (!isPart(text[at - 1]) && !isPart(text[at + word.length])) return true;
  }
  return false;
}
