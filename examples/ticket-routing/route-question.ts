import { proxyActivities } from '@temporalio/workflow';
import { approval, proxyAgents, route } from 'batonjs/workflow';
import { ACCEPT } from './accept.js';
import type * as activities from './activities.js';
import type * as agents from './agents.js';
import { askPerson } from './ask-person.js';
import type { Category, Handler } from './categories.js';
import { classify, type Answering, type Classified } from './classify.js';
import type { QuestionInput } from './routing-input.js';

const { helper, specialist } = proxyAgents<typeof agents>();
const { readCategories, readQuestion } = proxyActivities<typeof activities>({
  startToCloseTimeout: '1 minute',
  retry: { maximumAttempts: 5 },
});

/** What becomes of a single question. */
export interface RoutedQuestion {
  /** Its category; null where neither agents nor people could say. */
  label: string | null;
  decidedBy: 'cheap' | 'expensive' | 'person' | 'nobody';
  /** Of the agent that was asked last, 0 to 1. */
  confidence: number;
  handledBy: Handler;
  /** To the customer; null where nobody has written one. */
  answer: string | null;
  answering: Answering;
}

/**
 * Sorts one question, and has it answered by whom its category names. Where the agents are not sure, or fail, a person says
 * what it is about; where nobody can, a person answers it.
 */
export async function routeQuestion(input: QuestionInput): Promise<RoutedQuestion> {
  const [{ text }, categories] = await Promise.all([readQuestion(input), readCategories()]);
  const labels = categories.map(({ label }) => label);
  let answering: Answering = { sorter: {}, expert: {}, offline: false };
  let verdict: Classified | undefined;

  const sort = async () => {
    const classification = await classify([{ n: 1, text }], categories, ACCEPT);
    ({ answering } = classification);
    [verdict] = classification.classified;
    return { label: labelOf(verdict), confidence: confidenceOf(verdict) };
  };
  const { label, by, output } = await route(text, {
    by: sort,
    // The cheap agent's label stands at a higher one, which it has passed by now.
    threshold: ACCEPT.expensive,
    escalate: async () => {
      const likeliest = verdict?.by === 'nobody' ? verdict.likeliest : [];
      return (await askPerson(text, likeliest, labels)) ?? { label: NONE };
    },
    branches: Object.fromEntries(
      categories.map((category) => [category.label, () => answerOf(text, category)]),
    ),
    otherwise: () => answerByPerson(text),
  });
  return {
    label,
    decidedBy: by === 'otherwise' ? 'nobody' : by === 'classifier' ? agentOf(verdict) : 'person',
    confidence: confidenceOf(verdict),
    ...output,
    answering,
  };
}

/** No category is called so. */
const NONE = '';

function labelOf(verdict: Classified | undefined): string {
  if (verdict?.by === 'nobody') return verdict.likeliest[0] ?? NONE;
  return verdict && verdict.by !== 'failure' ? verdict.label : NONE;
}

function confidenceOf(verdict: Classified | undefined): number {
  return verdict && verdict.by !== 'failure' ? verdict.confidence : 0;
}

function agentOf(verdict: Classified | undefined): 'cheap' | 'expensive' {
  return verdict?.by === 'expensive' ? 'expensive' : 'cheap';
}

type Answer = Pick<RoutedQuestion, 'handledBy' | 'answer'>;

async function answerOf(question: string, { label, about, handledBy, help = '' }: Category): Promise<Answer> {
  switch (handledBy) {
    case 'self_service':
      return { handledBy, ...(await helper({ question, help })) };
    case 'specialist': {
      const { answer } = await specialist({
        question,
        category: label,
        ...(about === undefined ? {} : { about }),
      });
      return { handledBy, answer };
    }
    case 'person':
      return answerByPerson(question);
  }
}

/** Whoever takes it writes the answer as the comment of the approval. */
async function answerByPerson(question: string): Promise<Answer> {
  const { approved, comment } = await approval({
    title: `Please answer: ${question.slice(0, 80)}`,
    details: { question },
    approvers: ['service-desk'],
    timeout: '2 days',
  });
  return { handledBy: 'person', answer: approved ? (comment ?? null) : null };
}
