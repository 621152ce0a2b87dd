import type { Duration } from '@temporalio/common';
import type { Json } from '../../agents/json.js';
import { contain } from '../contain.js';
import { failure } from '../fail.js';
import type { Missing } from '../gather.js';
import { inSpan } from '../span.js';
import { askPerson, type Person } from './ask-person.js';

/** What a classifier says: a label, or that with how sure it is, on any scale. A label without confidence counts as sure. */
export type Classified<Label extends string = string> =
  Label | { label: Label; confidence?: number | null | undefined; reason?: string | null | undefined };

/** The labels that a classifier's output can hold. */
export type LabelOf<C> = C extends string
  ? C
  : C extends { label: infer Label extends string }
    ? Label
    : never;

/** Who is asked after the classifier: a stronger one, or a person. */
export type Escalation<Input, Label extends string> = ((input: Input) => Promise<Classified<Label>>) | Person;

export interface ClassifyOptions<Input, C extends Classified> {
  /** The classifier: an agent or another function. */
  by: (input: Input) => Promise<C>;
  /** The least confidence with which a label is taken. Default: any. */
  threshold?: number;
  /**
   * Who is asked for the label where the classifier is unsure, gives one that has no branch, or fails: a stronger classifier, a person,
   * or several in order. A person who approves without choosing agrees with the last label.
   */
  escalate?: Escalation<Input, NoInfer<LabelOf<C>>> | readonly Escalation<Input, NoInfer<LabelOf<C>>>[];
  /** How long each classifier may take. A person's time is the person's own `timeout`. */
  timeout?: Duration;
}

/** A label that is taken. */
export interface Label {
  label: string;
  by: 'classifier' | 'escalation' | 'person';
  confidence?: number;
  /** The classifier's reason, or the person's comment. */
  reason?: string;
  /** Which person. */
  who?: string;
}

type Answer = Omit<Label, 'by'>;

/**
 * Asks for the label of an input, one after the other until one gives a label that can be taken.
 * @param passed takes those whose label was not taken, and why
 */
export async function classify<Input>(
  input: Input,
  labels: readonly string[],
  { by, threshold = -Infinity, escalate = [], timeout }: ClassifyOptions<Input, Classified>,
  passed: Missing[],
): Promise<Label | undefined> {
  const steps: Escalation<Input, string>[] = [by, ...[escalate].flat()];
  for (const [place, step] of steps.entries()) {
    const name = place === 0 ? 'classifier' : typeof step === 'function' ? 'escalation' : 'person';
    const ask = async () => {
      const answer =
        typeof step === 'function'
          ? answerOf(await step(input))
          : await personsAnswer(step, input, labels, passed);
      check(answer, labels, threshold);
      return answer;
    };
    const outcome = await contain(() => inSpan(name, ask), typeof step === 'function' ? { timeout } : {});
    if (outcome.ok) return { ...outcome.value, by: name };
    passed.push({ name, ...outcome.failure });
  }
  return undefined;
}

function answerOf(classified: Classified): Answer {
  if (typeof classified === 'string') return { label: classified };
  const { label, confidence, reason } = classified;
  return {
    label,
    ...(typeof confidence === 'number' ? { confidence } : {}),
    ...(typeof reason === 'string' ? { reason } : {}),
  };
}

/** @throws RouteUnknown, NotAccepted */
function check(answer: Answer, labels: readonly string[], threshold: number): void {
  const { label, confidence = Infinity } = answer;
  if (!labels.includes(label)) throw failure('RouteUnknown', `there is no branch "${label}"`, answer);
  if (confidence < threshold) {
    throw failure('NotAccepted', `"${label}" with confidence ${confidence}, under ${threshold}`, answer);
  }
}

async function personsAnswer(
  person: Person,
  input: unknown,
  labels: readonly string[],
  passed: readonly Missing[],
): Promise<Answer> {
  const guesses = passed.map(({ details }) => (details as Partial<Answer> | undefined)?.label);
  const suggestion = guesses.findLast((label) => label !== undefined && labels.includes(label));
  const { choice, who, comment } = await askPerson(person, {
    title: `Which way: ${labels.join(', ')}?${suggestion === undefined ? '' : ` Suggested: ${suggestion}`}`,
    // What agents take is JSON.
    details: { input: input as Json, passed: passed.map(({ name, message }) => `${name}: ${message}`) },
    options: [...labels],
    suggestion,
  });
  return {
    label: choice,
    ...(who === undefined ? {} : { who }),
    ...(comment === undefined ? {} : { reason: comment }),
  };
}
