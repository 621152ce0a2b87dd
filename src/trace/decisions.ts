import { ApprovalAnswer, type ApprovalRequest, Decision } from '../agents/approval.js';
import { APPROVE_SIGNAL, ASK_ACTIVITY, DECIDE_UPDATE } from '../agents/names.js';
import type { HistoryEvent } from './history-event.js';
import type { Operation } from './operation.js';
import { readCall } from './recorded-call.js';
import type { SpanOf } from './trace.js';

type TracedDecision = NonNullable<SpanOf<'approval'>['decision']>;

interface Entry {
  request: ApprovalRequest;
  decision?: TracedDecision;
  /** Id of the event that decided it. */
  decidedBy?: number;
  /** When its question was withdrawn: the deadline's timer was cancelled, and nobody had decided. */
  withdrawnAt?: number;
}

const DEADLINE = /^deadline of approval (\d+)$/;

/** Number of the approval whose deadline the timer is. */
export function deadlineOf({
  operation,
  summary,
}: Pick<Operation, 'operation' | 'summary'>): number | undefined {
  const match = operation === 'timer' ? DEADLINE.exec(summary ?? '') : null;
  return match ? Number(match[1]) : undefined;
}

/**
 * How the approvals of a run were decided. An Update's outcome is recorded. A Signal's is not: it is judged by the rules
 * of the run, and against what the run did afterwards: where the deadline is still waited for in a later workflow task,
 * the Signal had not decided. The run sees the signals of one workflow task before the timers of that task.
 */
export class Decisions {
  private readonly entries = new Map<number, Entry>();
  /** By event id of Updates and Signals: which approval they decided, or why they were ignored. */
  private readonly answers = new Map<number, { decided: number } | { ignored: string }>();
  private workflowId = '';

  constructor(events: readonly HistoryEvent[], operations: readonly Operation[]) {
    const byId = new Map(operations.map((operation) => [operation.id, operation]));
    let due: { n: number; at: number }[] = []; // deadlines that have passed, and the run has not yet seen it
    let task = 0; // id of the last workflow task
    for (const event of events) {
      if (event.kind === 'runStarted') this.workflowId = event.workflowId;
      if (event.kind === 'opened') {
        const operation = byId.get(event.id);
        const call = operation?.name === ASK_ACTIVITY ? readCall(operation) : undefined;
        if (call?.kind === 'ask') this.entries.set(call.request.n, { request: call.request });
      }
      if (event.kind === 'signalled' && event.name === APPROVE_SIGNAL) {
        this.signal(event.id, event.input[0], event.at);
      }
      if (event.kind === 'closed') {
        const operation = byId.get(event.opened);
        if (operation?.operation === 'update') this.update(operation);
        const n = operation && deadlineOf(operation);
        if (n !== undefined && event.status === 'completed') due.push({ n, at: event.at });
        if (n !== undefined && event.status === 'cancelled') this.withdraw(n, event.at);
      }
      if (event.kind === 'taskCompleted') {
        for (const { n, at } of due) this.expire(n, at, task);
        due = [];
        task = event.id;
      }
    }
  }

  of(n: number): Pick<Entry, 'decision' | 'decidedBy' | 'withdrawnAt'> {
    return this.entries.get(n) ?? {};
  }

  /** What an Update or Signal, by its event id, did to approvals; undefined where it is not about them. */
  answer(event: number): { decided: number } | { ignored: string } | undefined {
    return this.answers.get(event);
  }

  private update({ id, name, output, status }: Operation): void {
    const decision = Decision.safeParse(output);
    if (name !== DECIDE_UPDATE || status !== 'completed' || !decision.success) return;
    this.decide(decision.data.n, { ...decision.data, via: 'update' }, id);
  }

  private signal(id: number, input: unknown, at: number): void {
    const answer = ApprovalAnswer.safeParse(input ?? {});
    const entry = answer.success ? this.find(answer.data) : 'it is not an answer';
    if (!answer.success || typeof entry === 'string') {
      this.answers.set(id, { ignored: typeof entry === 'string' ? entry : 'it is not an answer' });
      return;
    }
    const { approved = true, id: _, ...rest } = answer.data;
    const { n } = entry.request;
    const status = approved ? 'approved' : 'rejected';
    this.decide(n, { ...rest, status, approved, n, at, via: 'signal' }, id);
  }

  /** What the answer is about, or why it does not fit: the rules of the run's own approvals. */
  private find({ id, by, choice, approved = true, edits }: ApprovalAnswer): Entry | string {
    const waiting = [...this.entries.values()].filter(({ decision }) => !decision);
    if (id === undefined && waiting.length !== 1) {
      return waiting.length === 0 ? 'no approval waits' : 'several approvals wait, and it names none';
    }
    const prefix = `${this.workflowId}/`;
    const text = String(id);
    const n = Number(text.startsWith(prefix) ? text.slice(prefix.length) : text);
    const entry = id === undefined ? waiting[0] : this.entries.get(n);
    if (!entry) return `there is no approval "${text}"`;
    const { approvers, options } = entry.request;
    if (entry.decision || entry.withdrawnAt !== undefined) return 'it is already decided';
    if (approvers && !approvers.includes(by ?? '')) return `it is for ${approvers.join(' or ')}`;
    if (choice !== undefined && !options?.includes(choice)) return `"${choice}" is not among the options`;
    const says = edits !== undefined || choice !== undefined;
    if (approved && entry.request.edits === 'required' && !says) return 'it needs edits';
    return entry;
  }

  private expire(n: number, at: number, lastTask: number): void {
    const entry = this.entries.get(n);
    if (!entry) return;
    const { decidedBy } = entry;
    if (decidedBy !== undefined) {
      // What was decided before the last task would have cancelled the timer.
      if (entry.decision?.via !== 'signal' || decidedBy > lastTask) return;
      this.answers.set(decidedBy, { ignored: 'the run did not take it' });
    }
    const { onTimeout = 'expire' } = entry.request;
    const status = ({ approve: 'approved', reject: 'rejected', expire: 'expired' } as const)[onTimeout];
    entry.decision = { status, approved: onTimeout === 'approve', n, at, via: 'deadline' };
  }

  private withdraw(n: number, at: number): void {
    const entry = this.entries.get(n);
    if (entry && !entry.decision) entry.withdrawnAt = at;
  }

  private decide(n: number, decision: TracedDecision, event: number): void {
    const entry = this.entries.get(n);
    if (!entry) return;
    // An Update's outcome is recorded, and so it stands against what was only judged.
    if (entry.decision?.via === 'signal' && entry.decidedBy !== undefined) {
      this.answers.set(entry.decidedBy, { ignored: 'the run did not take it' });
    }
    entry.decision = decision;
    entry.decidedBy = event;
    delete entry.withdrawnAt;
    this.answers.set(event, { decided: n });
  }
}
