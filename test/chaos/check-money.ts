import type { Ended } from './drive.js';
import type { ChaosModel } from './model-server.js';
import type { Line, Violation } from './verdict.js';

/** Of rounding. */
const NOTHING = 1e-9;

/** confirmed ≤ served ≤ confirmed + unconfirmed ≤ budget, by the model server's own count. */
export function checkMoney(ended: readonly Ended[], model: ChaosModel): Line {
  const violations: Violation[] = [];
  let runs = 0;
  const sums = { spent: 0, served: 0, most: 0 };
  for (const { of, outcome } of ended) {
    if (!outcome?.ledger) continue;
    const { spent, unconfirmed } = outcome.ledger;
    const served = model.served.get(of.id) ?? 0;
    const most = spent + unconfirmed;
    runs++;
    sums.spent += spent;
    sums.served += served;
    sums.most += most;
    const said = `confirmed $${spent.toFixed(6)}, served $${served.toFixed(6)}, at most $${most.toFixed(6)}`;
    if (spent > served + NOTHING || served > most + NOTHING) violations.push({ run: of.id, what: said });
    if (most > (of.budget?.usd ?? Infinity) + NOTHING)
      violations.push({ run: of.id, what: `${said}: more than its budget` });
  }
  const [spent, served, most] = [sums.spent, sums.served, sums.most].map((usd) => usd.toFixed(4));
  return {
    name: 'money',
    found: `${runs} runs: $${spent} confirmed ≤ $${served} served ≤ $${most} with what is unconfirmed`,
    violations,
  };
}
