import type { Duration } from '@temporalio/common';
import type { Json } from '../../agents/json.js';
import { contain } from '../contain.js';
import { failure } from '../fail.js';
import type { Missing } from '../gather.js';
import { inSpan } from '../span.js';
import { askPerson, type Person } from './ask-person.js';
import { contendersOf, type VoteOption } from './tally.js';

/**
 * Who decides where no option has won: nobody, and it stays open; the first, which is the one with most weight, and of level ones that of
 * the voter named first; a chair, who gives the choice of one of the options; or a person.
 */
export type TieRule = 'open' | 'first' | ((options: VoteOption[]) => string | Promise<string>) | Person;

export interface TieBreak {
  /** The choice that wins; null where it stays open. */
  winner: string | null;
  by: 'first' | 'chair' | 'person' | 'open';
  /** Why chair or person did not decide. */
  missing: Missing[];
}

export async function breakTie(
  tally: readonly VoteOption[],
  input: unknown,
  rule: TieRule,
  timeout: Duration | undefined,
): Promise<TieBreak> {
  const options = contendersOf(tally);
  if (rule === 'open') return { winner: null, by: 'open', missing: [] };
  if (rule === 'first') return { winner: options[0]?.choice ?? null, by: 'first', missing: [] };
  const by = typeof rule === 'function' ? 'chair' : 'person';
  const decide = async () => {
    const choice =
      typeof rule === 'function' ? await rule(options) : await personsChoice(rule, options, input);
    if (options.some((option) => option.choice === choice)) return choice;
    throw failure('NotAccepted', `"${choice}" is none of the options`);
  };
  const outcome = await contain(() => inSpan(by, decide), by === 'chair' ? { timeout } : {});
  return outcome.ok
    ? { winner: outcome.value, by, missing: [] }
    : { winner: null, by: 'open', missing: [{ name: by, ...outcome.failure }] };
}

async function personsChoice(
  person: Person,
  options: readonly VoteOption[],
  input: unknown,
): Promise<string> {
  const choices = options.map(({ choice }) => choice);
  const { choice } = await askPerson(person, {
    title: `The vote is open: ${choices.join(', ')}?`,
    details: {
      // What agents take is JSON.
      input: input as Json,
      options: options.map(({ choice, weight, voters, reasons }) => ({ choice, weight, voters, reasons })),
    },
    options: choices,
  });
  return choice;
}
