import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { library } from '../../../examples/fact-checked-research/library.js';
import type { Report } from '../../../examples/fact-checked-research/report.js';
import { startOfflineModel } from '../../../src/dev/offline-model/server.js';
import { describeShared } from '../../support/shared-data.js';
import { modelsAt, RESEARCH, withResearch } from './research.js';

const FOLDER = fileURLToPath(new URL('../../../../shared/data/handbook/', import.meta.url));

const QUESTIONS = [
  [
    'How many hours of advanced sick leave can I request? How many weeks of unpaid leave does FMLA give?',
    'travel-and-leave/',
  ],
  ['How do I report a security incident?', 'security'],
] as const;

describeShared('research in a handbook', () => {
  beforeAll(() => {
    process.env.RESEARCH_DATA = FOLDER;
  });
  afterAll(() => {
    delete process.env.RESEARCH_DATA;
  });

  it('claims nothing that does not stand word for word in the page that it cites', async () => {
    expect((await library()).size).toBeGreaterThan(200);
    const model = await startOfflineModel();
    const reports = await withResearch(modelsAt(model.url), (baton) =>
      Promise.all(
        QUESTIONS.map(async ([question]) => {
          const { id } = await baton.start(RESEARCH, { question });
          return baton.run<Report>(id).result();
        }),
      ),
    );
    await model.stop();
    for (const [place, { text, claims, sources }] of reports.entries()) {
      expect(claims.length).toBeGreaterThan(0);
      expect(sources.map(({ source }) => source)).toContainEqual(
        expect.stringContaining(QUESTIONS[place]?.[1] ?? ''),
      );
      for (const claim of claims) {
        expect(text).toContain(claim.text);
        expect(claim.evidence.length).toBeGreaterThan(0);
        for (const { source, quote } of claim.evidence)
          expect(inOneLine(await readFile(`${FOLDER}${source}`, 'utf8'))).toContain(inOneLine(quote));
      }
    }
  }, 180_000);
});

function inOneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}
