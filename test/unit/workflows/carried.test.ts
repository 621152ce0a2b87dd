import { splitArguments } from '../../../src/workflows/carried.js';
import { Ledger } from '../../../src/workflows/ledger.js';

describe('what a run hands to the next', () => {
  const passOn = (args: unknown[]) => splitArguments(JSON.parse(JSON.stringify(args)) as unknown[]);

  it("travels as arguments after the user's own, which come out as they were", () => {
    const { carried } = splitArguments([]);
    carried.part('a', () => ({ n: 1 }));
    carried.part('nothing', () => undefined);
    const next = passOn([{ input: 1 }, 2, ...carried.toArguments()]);
    expect(next.own).toEqual([{ input: 1 }, 2]);
    expect(next.carried.part('a', () => undefined)).toEqual({ n: 1 });
    expect(next.carried.part('nothing', () => undefined)).toBeUndefined();
    expect(next.carried.toArguments()).toEqual([]);
  });

  it('goes on as it came where nobody has asked for it', () => {
    const { carried } = splitArguments([]);
    carried.part('a', () => [1]);
    const next = passOn(carried.toArguments());
    expect(passOn(next.carried.toArguments()).carried.part('a', () => undefined)).toEqual([1]);
  });

  it('holds what was spent; what is reserved still counts as spent', () => {
    const ledger = new Ledger({ usd: 1 });
    expect(ledger.carry()).toBeUndefined();
    ledger.reserve({ usd: 0.5 });
    ledger.settle({ usd: 0.5 }, { usd: 0.25, tokens: 10 });
    ledger.reserve({ usd: 0.125 });
    const next = new Ledger({ usd: 1 });
    const carried = ledger.carry();
    if (carried) next.resume(carried);
    expect(next.left).toEqual({ usd: 0.625 });
    expect(next.spent).toEqual({ usd: 0.25, tokens: 10 });
  });
});
