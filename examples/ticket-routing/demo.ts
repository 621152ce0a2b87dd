import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { BatonError } from 'batonjs/agents';
import { dataSet } from './data-set.js';
import type { Question } from './questions.js';
import { renderProgress, renderQuestion, renderRouting } from './render.js';
import type { Progress, Routing } from './route-all.js';
import type { RoutedQuestion } from './route-question.js';

/** Questions of the data that are listed to be run by themselves. */
const SINGLES = 12;

function single({ text, line }: Question) {
  return { id: `line-${line}`, title: text, input: { text }, orchestration: 'routeQuestion' };
}

/** What `baton demo ticket-routing` runs. */
export const demo = {
  title:
    'Ticket routing: questions go to a cheap agent, an expensive one or a person, and the routes are measured',
  orchestration: 'routeQuestion',
  defaultInput: 'all',
  progress: { routeAll: (state: unknown) => renderProgress(state as Progress) },

  /** Takes the folder of the user's own data. */
  configure({ data }: { data?: string }): void {
    if (data === undefined) return;
    const path = resolve(data);
    if (!existsSync(path)) throw new BatonError('ConfigInvalid', `the folder ${data} does not exist`);
    process.env.TICKET_ROUTING_DATA = path;
  },

  /** All questions in one run, and some of them by themselves. */
  async inputs() {
    const { questions } = await dataSet();
    const count = Math.min(SINGLES, questions.length);
    const singles = Array.from(
      { length: count },
      (_, i) => questions[Math.floor((i * questions.length) / count)],
    );
    return [
      {
        id: 'all',
        title: 'all questions of the data, in one run',
        input: { people: 'queue' },
        orchestration: 'routeAll',
      },
      ...singles.flatMap((question) => (question ? [single(question)] : [])),
    ];
  },

  /** A file with a question. */
  parse(text: string) {
    if (text.trim() === '') throw new BatonError('InputInvalid', 'the question: the file is empty');
    return { text: text.trim() };
  },

  render(result: unknown): string {
    // Both are results of this example's own orchestrations, whose types say what they are.
    const known = result as Routing | RoutedQuestion;
    return 'routes' in known ? renderRouting(known) : renderQuestion(known);
  },
};
