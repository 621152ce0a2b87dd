import fc from 'fast-check';
import type { Decision } from '../../../src/agents/approval.js';
import { Approvals } from '../../../src/workflows/approvals.js';

const PEOPLE = ['lead', 'boss', 'guest'];
const OPTIONS = ['left', 'right'];

const question = fc.record(
  {
    title: fc.constantFrom('Pay?', 'Ship?'),
    approvers: fc.subarray(['lead', 'boss'], { minLength: 1 }),
    options: fc.constant(OPTIONS),
    onTimeout: fc.constantFrom('approve' as const, 'reject' as const, 'expire' as const),
  },
  { requiredKeys: ['title'] },
);

/** Answers such as people send, and anything else. */
const answer = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record(
      {
        id: fc.oneof(fc.integer({ min: -1, max: 6 }), fc.constantFrom('run/1', '2', 'other/1', 'x', '')),
        by: fc.constantFrom(...PEOPLE),
        approved: fc.boolean(),
        choice: fc.constantFrom('left', 'right', 'up'),
        comment: fc.string(),
      },
      { requiredKeys: [] },
    ),
  },
  fc.anything(),
);

const step = fc.oneof(
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('ask' as const), question }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('answer' as const), answer }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constantFrom('expire' as const, 'withdraw' as const), at: fc.nat() }),
  },
);

describe('the questions of a run', () => {
  test('get one decision each, by those who may answer, and no other answer changes anything', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const approvals = new Approvals('run');
        const asked: ReturnType<Approvals['open']>[] = [];
        const decided = new Map<number, Decision>();
        const check = () => {
          for (const { n } of asked) expect(approvals.decisionOn(n)).toEqual(decided.get(n));
          expect(approvals.waiting.map(({ n }) => n)).toEqual(
            asked.map(({ n }) => n).filter((n) => !decided.has(n)),
          );
        };
        for (const [now, todo] of steps.entries()) {
          if (todo.kind === 'ask') {
            asked.push(approvals.open({ ...todo.question, askedAt: now, span: 'approval' }));
          } else if (todo.kind === 'answer') {
            const given = decisionOf(() => approvals.decide(todo.answer, now));
            if (given) {
              const request = asked.find(({ n }) => n === given.n);
              expect(decided.has(given.n)).toBe(false);
              if (request?.approvers) expect(request.approvers).toContain(given.by);
              if (given.choice !== undefined) expect(request?.options).toContain(given.choice);
              expect(given).toMatchObject({ at: now, approved: given.status === 'approved' });
              decided.set(given.n, given);
            }
          } else if (asked.length > 0) {
            const request = asked[todo.at % asked.length];
            if (!request) throw new Error('no question');
            if (todo.kind === 'expire') approvals.expire(request, now);
            else approvals.withdraw(request.n, now);
            const { n, onTimeout } = request;
            const approved = todo.kind === 'expire' && onTimeout === 'approve';
            const decision = approvals.decisionOn(n);
            if (!decided.has(n) && decision) {
              expect(decision.approved).toBe(approved);
              decided.set(n, decision);
            }
          }
          check();
        }
      }),
    );
  });
});

/** Undefined where the answer is refused, which it must be by name. */
function decisionOf(decide: () => Decision): Decision | undefined {
  try {
    return decide();
  } catch (error) {
    expect(error).toMatchObject({ type: 'ApprovalInvalid' });
    return undefined;
  }
}
