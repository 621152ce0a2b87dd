import type { Reply } from '../../../src/testing/index.js';
import {
  QUESTION,
  TURBINES,
  FERRY,
  turbines,
  ferry,
  kelp,
  otherKelp,
  lastOf,
  says,
  finds,
  writes,
  REFUSED,
  IN_FIRST,
  IN_REVISION,
  research,
  reportOf,
  asked,
} from './script.js';

describe('factCheckedResearch', () => {
  it('puts the text together from the supported claims, with their sources', async () => {
    const [report, model] = await research([], async (run, model) => [await run.result(), model] as const);
    expect(report).toEqual({
      question: QUESTION,
      text: 'There are four turbines. [1] A return ticket costs adults 18 crowns. [2]',
      sources: [
        { source: 'tidal-station.md', title: 'The tidal station in the Race' },
        { source: 'ferry.md', title: 'The ferry to Orrisey' },
      ],
      claims: [
        {
          text: 'There are four turbines.',
          evidence: [{ ...turbines, title: 'The tidal station in the Race' }],
        },
        {
          text: 'A return ticket costs adults 18 crowns.',
          evidence: [{ ...ferry, title: 'The ferry to Orrisey' }],
        },
      ],
      contradictions: [],
      dropped: [],
      missing: [],
      rounds: 1,
    });
    // The checker is shown one claim and what it cites, and nothing of the rest.
    const checks = asked('checker', model).map((request) => JSON.parse(lastOf(request)) as object);
    expect(checks).toHaveLength(2);
    expect(checks).toContainEqual({
      claim: 'There are four turbines.',
      passages: [
        {
          source: 'tidal-station.md',
          title: 'The tidal station in the Race',
          passage: expect.stringContaining(turbines.quote),
        },
      ],
    });
  });

  it('lets no invented quote into the text, also where the checker says that it is fine', async () => {
    const invented = { source: 'ferry.md', quote: 'The ferry is free on Sundays.' };
    const report = await reportOf([
      finds(FERRY, invented),
      writes(
        IN_FIRST,
        { text: 'There are four turbines.', findingIds: ['F1'] },
        { text: 'The ferry is free on Sundays.', findingIds: ['F2'] },
        { text: 'It is free on Sundays, and there are turbines.', findingIds: ['F1', 'F2'] },
      ),
      writes(IN_REVISION, { id: 'C2', text: 'On Sundays the ferry is free.', findingIds: ['F2'] }),
    ]);
    expect(report.text).toBe('There are four turbines. [1]');
    expect(JSON.stringify(report.claims)).not.toContain('free');
    expect(report.dropped).toEqual([
      {
        kind: 'finding',
        text: invented.quote,
        reasons: [expect.stringContaining('does not say, word for word')],
      },
      // The writer did not write this one again.
      {
        kind: 'claim',
        text: 'It is free on Sundays, and there are turbines.',
        reasons: ['There is no finding "F2".'],
      },
      { kind: 'claim', text: 'On Sundays the ferry is free.', reasons: ['There is no finding "F2".'] },
    ]);
  });

  it('has a claim revised that the checker does not find supported', async () => {
    const [report, model] = await research(
      [
        writes(
          IN_FIRST,
          { text: 'There are four turbines, made abroad.', findingIds: ['F1'] },
          { text: 'A return ticket costs adults 18 crowns.', findingIds: ['F2'] },
        ),
        writes(
          IN_REVISION,
          { id: 'C1', text: 'There are four turbines.', findingIds: ['F1'] },
          // Not asked for: it stays as it was checked.
          { id: 'C2', text: 'A ticket costs nothing.', findingIds: ['F2'] },
          { text: 'A claim more.', findingIds: ['F2'] },
        ),
        says('checker', { json: { reasons: ['Nothing says where from.'], supported: false } }, 'made abroad'),
      ],
      async (run, model) => [await run.result(), model] as const,
    );
    expect(report).toMatchObject({
      text: 'There are four turbines. [1] A return ticket costs adults 18 crowns. [2]',
      dropped: [],
      rounds: 2,
    });
    const revision = asked('writer', model).find((request) => lastOf(request).includes(IN_REVISION));
    expect(JSON.parse(revision ? lastOf(revision) : '')).toEqual({
      rejectedClaims: [
        {
          id: 'C1',
          text: 'There are four turbines, made abroad.',
          findingIds: ['F1'],
          reasons: ['Nothing says where from.'],
        },
      ],
    });
    // Three claims and no second check of the one that held.
    expect(asked('checker', model)).toHaveLength(3);
  });

  it('drops, and names, what is not supported after two revisions', async () => {
    const [report, model] = await research(
      [
        writes(IN_REVISION, { id: 'C1', text: 'There are four turbines.', findingIds: ['F1'] }),
        says('checker', { json: { reasons: ['No.'], supported: false } }, 'four turbines.'),
      ],
      async (run, model) => [await run.result(), model] as const,
    );
    expect(report).toMatchObject({
      text: 'A return ticket costs adults 18 crowns. [1]',
      dropped: [{ kind: 'claim', text: 'There are four turbines.', reasons: ['No.'] }],
      rounds: 3,
    });
    expect(asked('writer', model)).toHaveLength(3);
  });

  it('makes one claim of what is said twice', async () => {
    const report = await reportOf([
      writes(
        IN_FIRST,
        { text: 'There are turbines.', findingIds: ['F1'] },
        { text: 'There are turbines.', findingIds: ['F2', 'F1'] },
      ),
    ]);
    expect(report.text).toBe('There are turbines. [1][2]');
    expect(report.claims).toHaveLength(1);
  });

  it('sends a claim back that keeps quiet about a contradiction', async () => {
    const report = await reportOf([
      finds(FERRY, kelp, otherKelp),
      writes(IN_FIRST, { text: 'It sold 1,150 tonnes of kelp.', findingIds: ['F2'] }),
      writes(IN_REVISION, {
        id: 'C1',
        text: 'It sold 1,150 tonnes of kelp, or 980 by another source.',
        findingIds: ['F2', 'F3'],
      }),
    ]);
    expect(report).toMatchObject({
      text: 'It sold 1,150 tonnes of kelp, or 980 by another source. [1][2]',
      contradictions: [[kelp, otherKelp]],
      dropped: [],
      rounds: 2,
    });
  });
});

describe('a plan', () => {
  it('is kept to five sub-questions, none twice and none empty', async () => {
    const subQuestions = [TURBINES, ' ', `${TURBINES} `, FERRY, 'Third?', 'Fourth?', 'Fifth?', 'Sixth?'];
    const report = await reportOf([
      says('planner', { json: { subQuestions } }),
      ...['Third?', 'Fourth?', 'Fifth?'].map((about) => finds(about)),
    ]);
    expect(report.missing).toEqual([
      { what: 'Sixth?', why: 'at most 5 sub-questions are looked into' },
      ...['Third?', 'Fourth?', 'Fifth?'].map((what) => ({ what, why: 'no article answers it' })),
    ]);
    expect(report.claims).toHaveLength(2);
  });

  it.each([
    ['is empty', { json: { subQuestions: [] } }, []],
    ['fails', REFUSED, [{ what: 'a plan of sub-questions', why: expect.stringContaining('Unauthorized') }]],
  ] as [string, Reply, unknown[]][])(
    'that %s leaves the question as it stands',
    async (_, reply, missing) => {
      const report = await reportOf([says('planner', reply), finds(QUESTION, turbines, ferry)]);
      expect(report.claims).toHaveLength(2);
      expect(report.missing).toEqual(missing);
    },
  );
});
