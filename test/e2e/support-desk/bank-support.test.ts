import { fileURLToPath } from 'node:url';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { knowledge } from '../../../examples/support-desk/knowledge.js';
import { startOfflineModel } from '../../../src/dev/offline-model/server.js';
import { describeShared } from '../../support/shared-data.js';
import { modelsAt, withDesk } from './desk.js';

const FOLDER = fileURLToPath(new URL('../../../../shared/data/bank-support/', import.meta.url));

const Task = z.object({
  user_scenario: z.object({ instructions: z.string() }),
  required_documents: z.array(z.string()),
});

function tasks() {
  const lines = readFileSync(`${FOLDER}tasks.jsonl`, 'utf8').trim().split('\n');
  return lines.map((line) => Task.parse(JSON.parse(line)));
}

/** Printed figures are for people who compare searches; no test fails on them. */
function print(text: string): void {
  process.stderr.write(`${text}\n`);
}

describeShared("the desk on a bank's documents", () => {
  beforeAll(() => {
    process.env.OPENAI_API_KEY ??= 'none';
    process.env.SUPPORT_DESK_KB = `${FOLDER}documents.jsonl`;
  });
  afterAll(() => {
    delete process.env.SUPPORT_DESK_KB;
  });

  it('finds required documents from what customers are told to want', async () => {
    const documents = await knowledge();
    expect(documents.size).toBe(698);
    for (const limit of [5, 10]) {
      let found = 0;
      let required = 0;
      let tasksWithOne = 0;
      const all = tasks();
      for (const { user_scenario: scenario, required_documents: gold } of all) {
        const ids = new Set(documents.search(scenario.instructions, limit).map(({ id }) => id));
        const hits = gold.filter((id) => ids.has(id)).length;
        found += hits;
        required += gold.length;
        if (hits > 0) tasksWithOne++;
      }
      print(
        `bank-support, full-text search, top ${limit}: recall ${(found / required).toFixed(3)} (${found} of ${required} documents), at least one in ${tasksWithOne} of ${all.length} tasks`,
      );
      expect(found).toBeGreaterThan(0);
    }
  });

  it('answers questions from them', async () => {
    const model = await startOfflineModel();
    const questions = [
      'Which credit card has no foreign transaction fee?',
      'How do I open a personal savings account?',
      'What happens when a debit card is lost or stolen?',
    ];
    const answers = await withDesk(modelsAt(model.url), (baton) =>
      Promise.all(
        questions.map(async (question) => {
          const { id } = await baton.start('askDocs', question);
          return baton.run<{ answer: string; articles: string[] }>(id).result();
        }),
      ),
    );
    await model.stop();
    answers.forEach(({ answer, articles }, i) => {
      print(`${questions[i] ?? ''}\n  ${answer}\n  ${articles.join(', ')}`);
      expect(answer).not.toBe('');
      expect(articles.length).toBeGreaterThan(0);
    });
    expect(new Set(answers.map(({ answer }) => answer)).size).toBe(questions.length);
  });
});
