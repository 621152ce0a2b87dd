import { checkEffects, type Tables } from './check-effects.js';
import { checkMoney } from './check-money.js';
import { checkRuns } from './check-runs.js';
import type { Ended } from './drive.js';
import type { ChaosModel } from './model-server.js';
import type { Line } from './verdict.js';

/** Evidence that is made wrong on purpose, one thing at a time: the check of it must find that, or it would pass whatever came. */
export function checkChecks(ended: readonly Ended[], tables: Tables, model: ChaosModel): Line {
  const { effects, executions } = tables;
  const effect = effects.filter(({ tool }) => tool === 'record').slice(0, 1);
  const post = executions.filter(({ tool }) => tool === 'post').slice(0, 1);
  const booked = new Set(effects.filter(({ tool }) => tool === 'book').map(({ step }) => step));
  const undone = effects.filter(({ tool, step }) => tool === 'unbook' && booked.has(step));
  const effectsWith = (changed: Partial<Tables>) => checkEffects(ended, { ...tables, ...changed }, model);
  const twice = effect.map((row) => ({ ...row, key: `${row.key} again` }));
  const controls = [
    { of: 'effects by key', made: effect, lines: effectsWith({ effects: [...effects, ...twice] }) },
    { of: 'plain writes', made: post, lines: effectsWith({ executions: [...executions, ...post] }) },
    { of: 'what runs say', made: effect, lines: effectsWith({ effects: [] }) },
    {
      of: 'undone',
      made: undone,
      lines: effectsWith({ effects: effects.filter((row) => !undone.includes(row)) }),
    },
    { of: 'runs', made: ended.filter(hasConversation), lines: [checkRuns(ended.map(withoutAnswer), model)] },
    { of: 'money', made: ended.filter(hasLedger), lines: [checkMoney(ended.map(withMoreSpent), model)] },
    // A small suite may lack one or the other.
  ].filter(({ made }) => made.length > 0);
  const blind = controls.filter(({ of, lines }) =>
    lines.some(({ name, violations }) => name === of && violations.length === 0),
  );
  return {
    name: 'controls',
    found: `made wrong on purpose, and found: ${controls.map(({ of }) => of).join(', ')}`,
    violations: blind.map(({ of }) => ({ what: `"${of}" did not find what was made wrong` })),
  };
}

const hasConversation = ({ outcome }: Ended) => (outcome?.ran ?? []).length > 0;
const hasLedger = ({ outcome }: Ended) => outcome?.ledger !== undefined;

/** The answers are missing in the conversations. */
function withoutAnswer({ outcome, ...rest }: Ended): Ended {
  if (!outcome) return rest;
  const ran = outcome.ran.map((one) => ({ ...one, messages: one.messages.slice(0, -1) }));
  return { ...rest, outcome: { ...outcome, ran } };
}

/** A dollar more is confirmed than was. */
function withMoreSpent({ outcome, ...rest }: Ended): Ended {
  if (!outcome?.ledger) return { ...rest, ...(outcome ? { outcome } : {}) };
  const { ledger } = outcome;
  return { ...rest, outcome: { ...outcome, ledger: { ...ledger, spent: ledger.spent + 1 } } };
}
