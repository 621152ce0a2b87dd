import fc from 'fast-check';
import { Ledger } from '../../../src/workflows/ledger.js';

const cents = fc.integer({ min: 0, max: 500 }).map((n) => n / 100);

/** What turns and children do with a ledger, one after another. `at` picks which of those that are open. */
const step = fc.oneof(
  fc.record({ kind: fc.constant('reserve' as const), usd: cents, child: fc.boolean(), below: fc.boolean() }),
  fc.record({
    kind: fc.constant('settle' as const),
    at: fc.nat(),
    part: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
  fc.record({ kind: fc.constant('lose' as const), at: fc.nat() }),
);

interface Open {
  ledger: Ledger;
  usd: number;
  by: 'turn' | 'child';
}

describe('a ledger', () => {
  test('never lets more be spent, and perhaps spent, than its limit, whatever comes', () => {
    fc.assert(
      fc.property(cents, cents, fc.array(step, { maxLength: 60 }), (limit, limitBelow, steps) => {
        const above = new Ledger({ usd: limit });
        const below = new Ledger({ usd: limitBelow }, above);
        const open: Open[] = [];
        for (const todo of steps) {
          if (todo.kind === 'reserve') {
            const ledger = todo.below ? below : above;
            const by = todo.child ? 'child' : 'turn';
            const fits = todo.usd <= (ledger.left.usd ?? 0);
            expect(ledger.reserve({ usd: todo.usd }, by)).toBe(fits);
            if (fits) open.push({ ledger, usd: todo.usd, by });
          } else if (open.length > 0) {
            const [{ ledger, usd, by }] = open.splice(todo.at % open.length, 1) as [Open];
            if (todo.kind === 'lose') ledger.settleUnconfirmed({ usd }, by);
            else ledger.settle({ usd }, { usd: Math.floor(usd * todo.part * 1e8) / 1e8 }, {}, by);
          }
          for (const [ledger, most] of [
            [above, limit],
            [below, limitBelow],
          ] as const) {
            const used = ledger.spent.usd + ledger.unconfirmed.usd;
            expect(used).toBeLessThanOrEqual(most + 1e-9);
            expect(ledger.left.usd).toBeGreaterThanOrEqual(0);
            expect(ledger.left.usd).toBeLessThanOrEqual(most - used + 1e-7);
          }
        }
        // When all is settled nothing is held any more.
        for (const { ledger, usd, by } of open) ledger.settle({ usd }, {}, {}, by);
        expect(above.left.usd).toBeCloseTo(Math.max(0, limit - above.spent.usd - above.unconfirmed.usd), 7);
      }),
    );
  });

  test('a turn may hope for what other turns hold, and not for what children do', () => {
    const ledger = new Ledger({ usd: 1 });
    ledger.reserve({ usd: 0.6 });
    expect([ledger.reserve({ usd: 0.5 }), ledger.mayHave({ usd: 0.5 })]).toEqual([false, true]);
    ledger.settle({ usd: 0.6 }, { usd: 0.1 });
    ledger.reserve({ usd: 0.6 }, 'child');
    expect([ledger.reserve({ usd: 0.5 }), ledger.mayHave({ usd: 0.5 })]).toEqual([false, false]);
  });

  test('is tight from its soft limit on, or from that of one above', () => {
    const above = new Ledger({ soft: { usd: 0.3 } });
    const below = new Ledger({ usd: 1, soft: { tokens: 100 } }, above);
    expect([above.limited, below.limited, below.isTight]).toEqual([false, true, false]);
    below.reserve({ usd: 0.2 });
    expect(below.isTight).toBe(false);
    below.settle({ usd: 0.2 }, { usd: 0.1, tokens: 99 });
    expect([below.isTight, below.softLeft]).toEqual([false, { usd: 0.2, tokens: 1 }]);
    below.settle({}, {}, { usd: 0.2 });
    expect([above.isTight, below.isTight]).toEqual([true, true]);
  });

  test('carries what was spent, and counts what is held by work that is given up', () => {
    const ledger = new Ledger({ usd: 1 });
    ledger.reserve({ usd: 0.2 });
    ledger.reserve({ usd: 0.3 }, 'child');
    ledger.settle({}, { usd: 0.1, tokens: 5 });
    const next = new Ledger({ usd: 1 });
    next.resume(ledger.carry() ?? { spent: { usd: 0, tokens: 0 }, unconfirmed: { usd: 0, tokens: 0 } });
    expect([next.spent, next.unconfirmed.usd, next.left.usd]).toEqual([{ usd: 0.1, tokens: 5 }, 0.5, 0.4]);
  });
});
