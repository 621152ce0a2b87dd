import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Baton } from '../../../src/client.js';
import {
  startScriptedModel,
  type ChatRequest,
  type Reply,
  type ScriptedModel,
} from '../../../src/testing/index.js';
import { inFolder } from '../../support/cli.js';
import { modelsAt, onData, openRouting } from './routing.js';

const CATEGORIES = [
  { label: 'tea', about: 'all about tea', handledBy: 'self_service', help: 'Steep it for three minutes.' },
  { label: 'coffee', about: 'all about coffee' },
  { label: 'milk', handledBy: 'person' },
];

interface Question {
  n: number;
  text: string;
}

interface Verdict {
  label: string;
  confidence: number;
  likeliest?: string[];
}

/** What an agent that sorts answers: a reply, or verdicts by what a question asks. */
export type Sorting = Reply | Record<string, Verdict>;

const STARTS = { sorter: 'You sort questions', expert: 'You sort those questions' };

/** The example's worker on questions about drinks, with a scripted model. */
export class Stage {
  constructor(
    readonly model: ScriptedModel,
    readonly baton: Baton,
    private readonly closeWorker: () => Promise<void>,
  ) {}

  async close(): Promise<void> {
    await this.closeWorker();
    await this.model.stop();
  }

  /**
   * What an agent makes of questions that begin with `about`.
   * @param when only requests of which this holds
   */
  sorts(
    agent: keyof typeof STARTS,
    about: string,
    sorting: Sorting,
    when: (questions: Question[]) => boolean = () => true,
  ): void {
    const isIt = (request: ChatRequest) => {
      const questions = questionsOf(request);
      const isAgent = String(request.messages[0]?.content).startsWith(STARTS[agent]);
      return isAgent && questions.some(({ text }) => text.startsWith(about)) && when(questions);
    };
    const verdictsOn = (verdicts: Record<string, Verdict>, request: ChatRequest): Reply => ({
      json: {
        answers: questionsOf(request).flatMap(({ n, text }) => {
          const verdict = verdicts[text.slice(about.length).trim()];
          return verdict ? [{ n, ...(agent === 'expert' ? { likeliest: [] } : {}), ...verdict }] : [];
        }),
      },
    });
    const reply = isReply(sorting) ? sorting : (request: ChatRequest) => verdictsOn(sorting, request);
    this.model.script({ when: isIt, times: Infinity, reply });
  }

  /** Runs on a file of questions that each begin with `about`. */
  onQuestions<T>(about: string, rows: string[], fn: () => Promise<T>): Promise<T> {
    return inFolder(async (data) => {
      const csv = ['text,category', ...rows.map((row) => `${about} ${row}`)].join('\n');
      await writeFile(join(data, 'categories.json'), JSON.stringify(CATEGORIES));
      await writeFile(join(data, 'questions.csv'), csv);
      return onData(data, fn);
    });
  }
}

function isReply(sorting: Sorting): sorting is Reply {
  return typeof sorting !== 'object' || 'refusal' in sorting || 'status' in sorting;
}

function questionsOf({ messages }: ChatRequest): Question[] {
  const said = messages.find(({ role }) => role === 'user');
  return (JSON.parse(String(said?.content)) as { questions?: Question[] }).questions ?? [];
}

/** To be closed in an `afterAll` of a `describe`, before the connection to the server is. */
export async function openStage(): Promise<Stage> {
  process.env.OPENAI_API_KEY ??= 'none';
  const model = await startScriptedModel();
  const { baton, close } = await openRouting(modelsAt(model.url));
  return new Stage(model, baton, close);
}
