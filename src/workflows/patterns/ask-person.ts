import type { Json } from '../../agents/json.js';
import { approval, type ApprovalQuestion } from '../approval.js';
import { failure } from '../fail.js';

/** People who choose where agents could not: an approval with the choices as its options. */
export interface Person extends Omit<ApprovalQuestion, 'title' | 'options'> {
  /** One line, as the inbox shows it. Default: what the pattern asks. */
  title?: string;
}

interface Question {
  title: string;
  details: Json;
  options: string[];
  /** What holds where they approve without choosing. */
  suggestion?: string | undefined;
}

export interface PersonsChoice {
  choice: string;
  /** Who chose. */
  who?: string;
  comment?: string;
}

/**
 * Has a person choose one of the options.
 * @throws NotAccepted where they rejected, chose nothing, or did not answer in time
 */
export async function askPerson(
  person: Person,
  { suggestion, ...question }: Question,
): Promise<PersonsChoice> {
  const { status, approved, by, comment, choice = suggestion } = await approval({ ...question, ...person });
  if (!approved || choice === undefined) {
    const what = approved ? 'approved without a choice' : status;
    throw failure(
      'NotAccepted',
      `${what}${by === undefined ? '' : ` by ${by}`}${comment ? `: ${comment}` : ''}`,
    );
  }
  return { choice, ...(by === undefined ? {} : { who: by }), ...(comment === undefined ? {} : { comment }) };
}
