import type { Duration } from '@temporalio/common';
import type { ArbiterInput, Ruling } from '../../agents/built-in/arbiter.js';
import type { ComparerInput } from '../../agents/built-in/comparer.js';
import type { Json } from '../../agents/json.js';
import { contain } from '../contain.js';
import { failure, type FailureInfo } from '../fail.js';
import { gather, type Missing } from '../gather.js';
import { builtIn, isAgentFunction } from '../proxy-agents.js';
import { inSpan } from '../span.js';
import { asText } from './as-text.js';
import { askPerson, type Person } from './ask-person.js';
import { readComparison, ruled, type Agreed, type Compared, type Conflict } from './conflicts.js';
import { nameEach, type Several } from './name-each.js';
import { Labels } from './under-labels.js';
import { whyMissing } from '../why-missing.js';

export type Comparer = (input: ComparerInput) => Promise<Compared>;
export type Arbiter = (input: ArbiterInput) => Promise<Ruling>;

export interface ReconcileOptions {
  /** Names the conflicts between answers, which it sees under labels. Default: Baton's own comparer. */
  compare?: Comparer;
  /**
   * Who decides conflicts: an agent or function, a person, or several in order, each for what the ones before left open or
   * failed to decide. Default: Baton's own arbiter.
   */
  arbiter?: Arbiter | Person | readonly (Arbiter | Person)[];
  /** How long each answer, the comparison and an arbiter's ruling may take. A person's time is the person's own `timeout`. */
  timeout?: Duration;
}

export interface Answer<T> {
  by: string;
  answer: T;
}

export interface Reconciled<T> {
  answers: Answer<T>[];
  /** What no answer contradicts; empty where the comparer does not say. */
  agreed: Agreed[];
  /** Each with a decision, or with the reason why it is open. */
  conflicts: Conflict[];
  /** Those who gave no answer, and why. */
  missing: Missing[];
  /** Why the answers could not be compared: the one conflict is then between the answers as wholes. */
  failure?: FailureInfo;
}

/** More conflicts than that no arbiter and no person is asked about: how many there are is a model's word. */
const MAX_DECIDED = 20;

/**
 * Asks several agents the same, names where their answers contradict each other, and has each conflict decided with reasons.
 * What stays open the result says. Without a conflict nobody is asked to decide.
 * @throws TooFewResults where nobody answered
 */
export function reconcile<Input, T>(
  agents: Several<(input: Input) => Promise<T>>,
  question: Input,
  { compare = builtIn('comparer'), arbiter = builtIn('arbiter'), timeout }: ReconcileOptions = {},
): Promise<Reconciled<T>> {
  return inSpan('reconcile', async () => {
    const { answers, missing } = await answersOf(agents, question, timeout);
    if (answers.length === 1) return { answers, agreed: [], conflicts: [], missing };
    const labels = new Labels(answers.map(({ by }) => by));
    const material = { question: question as Json, answers: underLabels(answers, labels) };
    const compared = await contain(() => inSpan('compare', () => compare(material)), { timeout });
    const { agreed, conflicts } = compared.ok
      ? readComparison(compared.value, labels)
      : { agreed: [], conflicts: [asWholes(answers)] };
    const decided = await decide(conflicts.slice(0, MAX_DECIDED), [arbiter].flat(), {
      material,
      labels,
      timeout,
    });
    const rest = conflicts.slice(MAX_DECIDED);
    return {
      answers,
      agreed,
      conflicts: [
        ...decided,
        ...rest.map((one) => ({ ...one, open: `one of more than ${MAX_DECIDED} conflicts` })),
      ],
      missing,
      ...(compared.ok ? {} : { failure: compared.failure }),
    };
  });
}

/** @throws TooFewResults */
async function answersOf<Input, T>(
  agents: Several<(input: Input) => Promise<T>>,
  question: Input,
  timeout: Duration | undefined,
): Promise<{ answers: Answer<T>[]; missing: Missing[] }> {
  const branches = nameEach('reconcile', agents).map(({ name, fn }) => ({ name, run: () => fn(question) }));
  const { results, missing } = await gather(branches, { need: 'bestEffort', timeout });
  const answers = branches.flatMap(({ name }, place): Answer<T>[] =>
    missing.some((one) => one.name === name) ? [] : [{ by: name, answer: results[place] as T }],
  );
  if (answers.length > 0) return { answers, missing };
  throw failure('TooFewResults', `nobody answered; ${whyMissing(missing)}`, { missing });
}

function underLabels<T>(answers: readonly Answer<T>[], labels: Labels): ComparerInput['answers'] {
  return labels.all.map(({ label, name }) => ({
    label,
    answer: answers.find(({ by }) => by === name)?.answer as Json,
  }));
}

function asWholes<T>(answers: readonly Answer<T>[]): Conflict {
  const claims = answers.map(({ by, answer }) => ({ by, claim: asText(answer) }));
  return { topic: 'Which answer holds? They could not be compared', claims };
}

interface Material {
  material: ComparerInput;
  labels: Labels;
  timeout: Duration | undefined;
}

/** Asks the arbiters in order, each about what is still open. */
async function decide(
  conflicts: Conflict[],
  arbiters: readonly (Arbiter | Person)[],
  material: Material,
): Promise<Conflict[]> {
  let state = conflicts;
  for (const arbiter of arbiters) {
    const open = state.filter(({ decision }) => !decision);
    if (open.length === 0) break;
    const after = await (typeof arbiter === 'function'
      ? askArbiter(arbiter, open, material)
      : askPeople(arbiter, open));
    state = state.map((conflict) => after[open.indexOf(conflict)] ?? conflict);
  }
  return state;
}

async function askArbiter(
  arbiter: Arbiter,
  open: readonly Conflict[],
  { material, labels, timeout }: Material,
): Promise<Conflict[]> {
  const name = isAgentFunction(arbiter) ? arbiter.agentName : 'arbiter';
  const conflicts = open.map(({ topic, claims }, place) => ({
    number: place + 1,
    topic,
    claims: claims.map(({ by, claim }) => ({ by: labels.labelOf(by), claim })),
  }));
  const ruling = await contain(() => inSpan('arbiter', () => arbiter({ ...material, conflicts })), {
    timeout,
  });
  if (ruling.ok) return ruled(open, ruling.value, labels, name);
  const { code, message } = ruling.failure;
  return open.map(({ topic, claims }) => ({ topic, claims, open: `${name}: ${code}: ${message}` }));
}

/** Asks people about each conflict by an approval of its own, all at once, with the claims as options. */
async function askPeople(person: Person, open: readonly Conflict[]): Promise<Conflict[]> {
  const branches = open.map((conflict, place) => ({
    name: `person-${place + 1}`,
    run: () => askAbout(person, conflict),
  }));
  const { results, missing } = await gather(branches, { need: 'bestEffort' });
  return open.map(({ topic, claims }, place) => {
    const why = missing.find(({ name }) => name === branches[place]?.name);
    return results[place] ?? { topic, claims, open: `a person: ${why?.message ?? 'no answer'}` };
  });
}

async function askAbout(person: Person, { topic, claims, open }: Conflict): Promise<Conflict> {
  const options = claims.map(({ by, claim }) => `${by}: ${claim}`.slice(0, 200));
  const {
    choice,
    who = 'a person',
    comment = '',
  } = await askPerson(person, {
    title: `Which holds? ${topic}`.slice(0, 200),
    details: {
      topic,
      claims: claims.map((claim) => ({ ...claim })),
      ...(open === undefined ? {} : { open }),
    },
    options,
  });
  const { claim, by: of } = claims[options.indexOf(choice)] as Conflict['claims'][number];
  return { topic, claims, decision: { claim, of, reasons: comment, by: who } };
}
