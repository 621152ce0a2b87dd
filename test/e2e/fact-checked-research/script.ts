import type { Report } from '../../../examples/fact-checked-research/report.js';
import type { ResearchInput } from '../../../examples/fact-checked-research/workflows.js';
import type { Run } from '../../../src/client.js';
import {
  startScriptedModel,
  type ChatRequest,
  type Reply,
  type ScriptedModel,
  type ScriptEntry,
} from '../../../src/testing/index.js';
import { modelsAt, RESEARCH, withResearch } from './research.js';

export const QUESTION = 'How many turbines are there, and what does the ferry cost?';
export const TURBINES = 'How many turbines are there?';
export const FERRY = 'What does the ferry cost?';

export const turbines = {
  source: 'tidal-station.md',
  quote: 'The tidal station of Orrisey has four turbines.',
};
export const ferry = {
  source: 'ferry.md',
  quote: 'A return ticket costs 18 crowns for adults and 7 crowns for children.',
};
export const kelp = {
  source: 'kelp-cooperative.md',
  quote: 'In 2030 it had 64 members and sold 1,150 tonnes of dried kelp.',
};
export const otherKelp = {
  source: 'kelp-report-2030.md',
  quote: 'The fishing office reports that the kelp cooperative sold 980 tonnes of dried kelp in 2030.',
};

const STARTS = {
  planner: 'You plan research',
  researcher: 'You find what the articles say',
  analyst: 'You bring together',
  writer: 'You write the answer',
  checker: 'You check a claim',
};

type Agent = keyof typeof STARTS;

const isOf = (agent: Agent, { messages }: ChatRequest) =>
  String(messages[0]?.content).startsWith(STARTS[agent]);
export const lastOf = ({ messages }: ChatRequest) =>
  String(messages.findLast(({ role }) => role === 'user')?.content);

/** Answers an agent's requests whose last message holds a text. */
export function says(
  agent: Agent,
  reply: Reply | ((request: ChatRequest) => Reply),
  about = '',
): ScriptEntry {
  return {
    when: (request) => isOf(agent, request) && lastOf(request).includes(about),
    times: Infinity,
    reply,
  };
}

export const finds = (about: string, ...findings: { source: string; quote: string }[]) =>
  says('researcher', { json: { findings } }, about);
export const writes = (about: string, ...claims: { id?: string; text: string; findingIds: string[] }[]) =>
  says('writer', { json: { claims: claims.map((claim) => ({ id: null, ...claim })) } }, about);

export const REFUSED: Reply = { status: 401, body: { error: { message: 'no such key' } } };
export const IN_FIRST = '"question"';
export const IN_REVISION = '"rejectedClaims"';

/** What colleagues answer where a case says nothing else. */
const USUAL: ScriptEntry[] = [
  says('planner', { json: { subQuestions: [TURBINES, FERRY] } }),
  finds(TURBINES, turbines),
  finds(FERRY, ferry),
  says('analyst', {
    json: {
      points: [
        { summary: 'There are four turbines.', findingIds: ['F1'] },
        { summary: 'A return ticket is 18 crowns.', findingIds: ['F2'] },
      ],
      contradictions: [],
      gaps: [],
    },
  }),
  writes(
    IN_FIRST,
    { text: 'There are four turbines.', findingIds: ['F1'] },
    { text: 'A return ticket costs adults 18 crowns.', findingIds: ['F2'] },
  ),
  says('checker', { json: { reasons: [], supported: true } }),
];

export async function research<T>(
  script: ScriptEntry[],
  fn: (run: Run<Report>, model: ScriptedModel) => Promise<T>,
  input: Partial<ResearchInput> = {},
): Promise<T> {
  const model = await startScriptedModel(...script, ...USUAL);
  try {
    return await withResearch(modelsAt(model.url), async (baton) => {
      const { id } = await baton.start(RESEARCH, { question: QUESTION, ...input });
      return fn(baton.run<Report>(id), model);
    });
  } finally {
    await model.stop();
  }
}

export const reportOf = (script: ScriptEntry[], input: Partial<ResearchInput> = {}) =>
  research(script, (run) => run.result(), input);

export const asked = (agent: Agent, { requests }: ScriptedModel) =>
  requests.filter((request) => isOf(agent, request));
