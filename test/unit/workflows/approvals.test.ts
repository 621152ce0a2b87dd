import { Approvals } from '../../../src/workflows/approvals.js';

const question = { title: 'May it go on?', approvers: ['lead'], askedAt: 1, span: 'approval.1' };

/** The approvals of the run that a run is continued as. */
function continued(before: Approvals, now = 10): Approvals {
  const carried = before.carry(now);
  return new Approvals(
    'run',
    before.asked,
    carried && (JSON.parse(JSON.stringify(carried)) as typeof carried),
  );
}

describe('approvals over continue-as-new', () => {
  it('are the same where they are asked again word for word, with the old deadline', () => {
    const first = new Approvals('run');
    first.open({ ...question, timeout: 100, deadline: 101 });
    const next = continued(first);
    const again = next.open({ ...question, timeout: 100, deadline: 150, askedAt: 50, span: 'approval.7' });
    expect(again).toMatchObject({ n: 1, askedAt: 1, deadline: 101, span: 'approval.7' });
    expect(next.open({ ...question, title: 'another' }).n).toBe(2);
    expect(next.open({ ...question, timeout: 100, deadline: 150 }).n).toBe(3);
  });

  it('keep an answer that came before the code was given it, and one that comes early', () => {
    const first = new Approvals('run');
    first.open(question);
    first.open({ ...question, title: 'second' });
    first.decide({ id: 1, by: 'lead' }, 5);
    const next = continued(first);
    next.decide({ id: 2, by: 'lead', approved: false }, 20, true);
    const [one, two] = [next.open(question), next.open({ ...question, title: 'second' })];
    expect(next.decisionOn(one.n)).toMatchObject({ approved: true, by: 'lead', at: 5 });
    expect(next.decisionOn(two.n)).toMatchObject({ approved: false, by: 'lead', at: 20 });
  });

  it('refuse an answer while the question is not asked again, and do not show it as waiting', () => {
    const first = new Approvals('run');
    first.open(question);
    const next = continued(first);
    expect(next.waiting).toEqual([]);
    expect(() => next.decide({ id: 1, by: 'lead' }, 20)).toThrow('before the run was continued as new');
    expect(() => next.decide({ id: 1, by: 'else' }, 20, true)).toThrow('is for lead');
  });

  it('are asked anew where the code had the decision, or the time was over', () => {
    const first = new Approvals('run');
    first.open(question);
    first.decide({ by: 'lead' }, 5);
    first.close(1);
    first.open({ ...question, title: 'late', timeout: 5, deadline: 6 });
    expect(first.carry(10)).toBeUndefined();
    const next = continued(first);
    expect(next.open(question).n).toBe(3);
  });

  it('go on to the run after the next where that does not ask', () => {
    const first = new Approvals('run');
    first.open(question);
    const third = continued(continued(first));
    expect(third.open(question).n).toBe(1);
    expect(third.asked).toBe(1);
  });
});

describe('an approval that needs edits', () => {
  const needing = () => {
    const approvals = new Approvals('run');
    approvals.open({ ...question, edits: 'required', options: ['a', 'b'] });
    return approvals;
  };

  it('is refused without edits or a choice, and stays open', () => {
    const approvals = needing();
    expect(() => approvals.decide({ by: 'lead' }, 5)).toThrow('needs edits that say what holds, or a choice');
    expect(approvals.waiting).toHaveLength(1);
  });

  it.each([{ edits: { usd: 1 } }, { edits: null }, { choice: 'a' }, { approved: false }])(
    'takes %j',
    (answer) => {
      const approvals = needing();
      approvals.decide({ by: 'lead', ...answer }, 5);
      expect(approvals.waiting).toEqual([]);
    },
  );
});
