import type { RunState } from './run-state.js';

/** The run in Markdown, for the current details in Temporal's UI: where it is, what it waits for, cost so far. */
export function describeRun({
  approvals,
  active,
  events,
  ledger,
}: Pick<RunState, 'approvals' | 'active' | 'events' | 'ledger'>): string {
  const waiting = approvals.waiting.map(({ n, title, approvers, deadline }) => {
    const who = approvers ? ` (${approvers.join(', ')})` : '';
    const until = deadline === undefined ? '' : `, until ${new Date(deadline).toISOString()}`;
    return `- **waits for approval ${n}**${who}: ${title}${until}`;
  });
  const expected = events.waitingFor.map((event) => `- **waits for event ${event}**`);
  const working = [...active].map(([span, activity]) => `- ${span}: ${activity}`);
  const { usd, tokens } = ledger.spent;
  const cost = tokens > 0 ? [`\n$${usd.toFixed(4)} · ${tokens} tokens so far`] : [];
  return [...waiting, ...expected, ...working, ...cost].join('\n');
}
