import type { ApprovalRequest } from '../../../src/agents/approval.js';
import type { Json } from '../../../src/agents/json.js';
import type { NextStep, TurnInput } from '../../../src/agents/turn.js';
import type { EventContent, Failure, HistoryEvent } from '../../../src/trace/history-event.js';

/** Writes histories as Temporal would, an event every 100 ms from time 0. */
export class HistoryScript {
  readonly events: HistoryEvent[] = [];

  constructor(type = 'refund', workflowId = 'ticket-42') {
    this.add({ kind: 'runStarted', workflowId, runId: 'run-1', type, input: [] });
  }

  /** @returns the event's id */
  add(content: EventContent): number {
    const id = this.events.length + 1;
    this.events.push({ id, at: (id - 1) * 100, ...content });
    return id;
  }

  task(): this {
    this.add({ kind: 'taskCompleted' });
    return this;
  }

  open(name: string, input: Json[], operation: 'activity' | 'timer' = 'activity', summary?: string): number {
    return this.add({
      kind: 'opened',
      operation,
      name,
      input,
      ...(summary === undefined ? {} : { summary }),
    });
  }

  attempt(opened: number, attempt: number, lastFailure?: Failure): this {
    this.add({ kind: 'progressed', opened, attempt, ...(lastFailure ? { lastFailure } : {}) });
    return this;
  }

  close(opened: number, output: Json): this {
    this.add({ kind: 'closed', opened, status: 'completed', output });
    return this;
  }

  turn(input: Partial<TurnInput> = {}): number {
    const all = { agent: 'clerk', transcript: 1, appended: [], turn: 1, span: 'clerk.1', ...input };
    return this.open('baton_turn', [all satisfies TurnInput as unknown as Json]);
  }

  answer(turn: number, step: NextStep, rest: Record<string, Json> = {}): this {
    return this.close(turn, {
      kind: 'answer',
      version: 'v1',
      model: 'small',
      head: 'h',
      message: { role: 'assistant', text: 'done' },
      digest: 'd',
      usage: { input: 100, output: 20 },
      cost: 0.001,
      step: step as Json,
      ...rest,
    });
  }

  ask(request: Partial<ApprovalRequest> = {}): number {
    const all = { n: 1, title: 'Refund of $100', askedAt: 0, span: 'approval.1', ...request };
    return this.open('baton_ask', [all as Json]);
  }

  signal(answer: Json): number {
    return this.add({ kind: 'signalled', name: 'approve', input: [answer] });
  }

  end(status: 'completed' | 'failed' | 'cancelled' = 'completed', output?: Json): this {
    this.add({ kind: 'runClosed', status, ...(output === undefined ? {} : { output }) });
    return this;
  }
}
