import { fileURLToPath } from 'node:url';
import { demo } from '../../../examples/company-research/demo.js';
import { FilingsOnFile } from '../../../examples/company-research/filings-on-file.js';
import { ItemsOnFile } from '../../../examples/company-research/items-on-file.js';
import type { Desk, Report } from '../../../examples/company-research/report.js';
import { startOfflineModel } from '../../../src/dev/offline-model/server.js';
import { modelsAt, withResearch } from './company.js';

const DATA = fileURLToPath(new URL('../../../examples/company-research/data/', import.meta.url));
const filings = new FilingsOnFile(`${DATA}filings`);
const items = { news: new ItemsOnFile(`${DATA}news.jsonl`), opinion: new ItemsOnFile(`${DATA}posts.jsonl`) };

/** What stands at a place that a report names. */
async function textAt(desk: Desk, id: string, page: number | null): Promise<string | undefined> {
  if (desk !== 'financials') return (await items[desk].items()).find((item) => item.id === id)?.text;
  const index = await (await filings.filing(id))?.open(new AbortController().signal);
  return index?.pages[(page ?? 0) - 1];
}

describe('companyResearch on the offline model', () => {
  it('answers every question that it ships, and each statement stands in its source', async () => {
    const model = await startOfflineModel();
    const reports = await withResearch(modelsAt(model.url), async (baton) =>
      Promise.all(
        (await demo.inputs()).map(async ({ input }) => {
          const { id } = await baton.start('companyResearch', input);
          return baton.run<Report>(id).result();
        }),
      ),
    );
    await model.stop();
    for (const report of reports) {
      const statements = [report.answer, ...report.points].filter((statement) => statement !== null);
      expect(report.missing).toEqual([]);
      expect(report.answer).not.toBeNull();
      const desks = new Set(statements.flatMap(({ sources }) => sources.map(({ desk }) => desk)));
      expect([...desks].sort()).toEqual(['financials', 'news', 'opinion']);
      for (const { desk, id, page, quote } of statements.flatMap(({ sources }) => sources))
        expect(await textAt(desk, id, page)).toContain(quote);
      expect(demo.render(report)).toContain('\nSources\n[1] ');
    }
  });
});
