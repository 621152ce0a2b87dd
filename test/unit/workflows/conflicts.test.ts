import { readComparison, ruled } from '../../../src/workflows/patterns/conflicts.js';
import { Labels } from '../../../src/workflows/patterns/under-labels.js';

const names = Array.from({ length: 30 }, (_, i) => `agent ${i}`);

describe('Labels', () => {
  const labels = new Labels(names);

  it('gives each name a label of its own', () => {
    expect(labels.all.map(({ label }) => label).slice(24)).toEqual(['Y', 'Z', 'AA', 'AB', 'AC', 'AD']);
    expect(labels.all.map(({ name }) => name).sort()).toEqual([...names].sort());
    for (const { label, name } of labels.all)
      expect(labels.nameOf(labels.labelOf(name))).toBe(labels.nameOf(label));
  });

  it.each(['B', 'b', ' B ', 'Answer B', 'answer: b', '(B)', '"B".', '[B]', '**B**'.replaceAll('*', '')])(
    'reads %j as B',
    (reference) => {
      expect(labels.nameOf(reference)).toBe(labels.all[1]?.name);
    },
  );

  it.each(['', 'B and C', 'ZZ', 'agent 1', '1', 'answer', 'Bob'])('knows nobody by %j', (reference) => {
    expect(labels.nameOf(reference)).toBeUndefined();
  });
});

describe('readComparison', () => {
  const labels = new Labels(['ann', 'ben']);
  const [ann, ben] = [labels.labelOf('ann'), labels.labelOf('ben')];
  const claimsOf = (...claims: [string, string][]) => ({
    topic: 'size',
    claims: claims.map(([by, claim]) => ({ by, claim })),
  });
  const conflicts = (...claims: [string, string][]) =>
    readComparison({ conflicts: [claimsOf(...claims)] }, labels).conflicts;

  it('names whose claims they are', () => {
    expect(conflicts([ann, '1'], [ben, '2'])).toEqual([claimsOf(['ann', '1'], ['ben', '2'])]);
  });

  it.each([
    ['of which one claim is left', [ann, '1'], ['Q', '2']],
    ['between one answer and itself', [ann, '1'], [ann, '2']],
    ['in which all claim the same', [ann, '1'], [ben, '1']],
  ] as const)('leaves out a conflict %s', (_, one, other) => {
    expect(conflicts([...one], [...other])).toEqual([]);
  });

  it('leaves out statements that no answer holds', () => {
    const agreed = [
      { statement: 'x', by: [ann, 'Q', ann] },
      { statement: 'y', by: ['Q'] },
    ];
    expect(readComparison({ conflicts: [], agreed }, labels).agreed).toEqual([
      { statement: 'x', by: ['ann'] },
    ]);
  });
});

describe('ruled', () => {
  const labels = new Labels(['ann', 'ben', 'zoe']);
  const conflict = {
    topic: 'size',
    claims: [
      { by: 'ann', claim: '1' },
      { by: 'ben', claim: '2' },
    ],
    open: 'so far',
  };
  const rule = (claim: string | null, number = 1) =>
    ruled([conflict], { decisions: [{ conflict: number, claim, reasons: 'why' }] }, labels, 'judge')[0];

  it('decides for a claim by its label, and it is no longer open', () => {
    expect(rule(labels.labelOf('ben'))).toEqual({
      topic: 'size',
      claims: conflict.claims,
      decision: { claim: '2', of: 'ben', reasons: 'why', by: 'judge' },
    });
  });

  it.each([
    ['for an answer without a claim in it', () => rule(labels.labelOf('zoe')), /does not exist/],
    ['for nobody', () => rule('Q'), /does not exist: Q$/],
    ['for null', () => rule(null), /^judge: why$/],
    ['another conflict', () => rule(labels.labelOf('ann'), 2), /^judge did not decide it$/],
  ])('leaves it open where it decides %s', (_, decide, open) => {
    const after = decide();
    expect(after).not.toHaveProperty('decision');
    expect(after?.open).toMatch(open);
  });
});
