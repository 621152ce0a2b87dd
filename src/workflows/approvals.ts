import type { ApprovalAnswer, ApprovalRequest, Decision } from '../agents/approval.js';
import { byteLength } from './byte-length.js';
import { failure } from './fail.js';

interface Entry {
  request: ApprovalRequest;
  decision?: Decision;
}

/** Questions of a run that was continued as new before their end. */
export type CarriedQuestions = Entry[];

/** What goes over to the run that this one is continued as, in bytes at most; the newest come first. */
const MAX_CARRIED = 500_000;

/** The run's questions to people and their answers: the state behind the handlers of Update, Signal and Query. */
export class Approvals {
  private readonly entries = new Map<number, Entry>();
  /** Those whose decision the run's code has not been given yet. */
  private readonly unread = new Set<Entry>();
  /** Questions asked so far, over all runs: the number of the newest. */
  asked: number;

  /**
   * @param before questions that were asked before the run was continued as new; their numbers are not used again
   * @param carried those of them that were open then: one that is asked again is the same, with the answer that it may have
   */
  constructor(
    private readonly workflowId: string,
    private readonly before = 0,
    private readonly carried: Entry[] = [],
  ) {
    this.asked = before;
  }

  /** Registers a question; from here on it can be answered. */
  open(question: Omit<ApprovalRequest, 'n'>): ApprovalRequest {
    const again = this.carried.findIndex(({ request }) => textOf(request) === textOf(question));
    const [known] = again < 0 ? [] : this.carried.splice(again, 1);
    const { n, askedAt, deadline } = known?.request ?? { ...question, n: this.asked + 1 };
    const request = { ...question, n, askedAt, ...(deadline === undefined ? {} : { deadline }) };
    const entry = { ...known, request };
    this.entries.set(n, entry);
    this.unread.add(entry);
    this.asked = Math.max(this.asked, n);
    return request;
  }

  /** The run's code has the decision, or wants none any more. */
  close(n: number): void {
    const entry = this.entry(n);
    if (entry) this.unread.delete(entry);
  }

  /** Open questions, and people's answers that the run's code has not been given, for the next run. */
  carry(now: number): Entry[] | undefined {
    let left = MAX_CARRIED;
    const open = [...this.carried, ...this.unread].filter(
      ({ request: { deadline = Infinity }, decision }) => deadline > now && decision?.status !== 'expired',
    );
    const kept = open.reverse().filter((entry) => (left -= byteLength(entry)) > 0);
    return kept.length > 0 ? kept.reverse() : undefined;
  }

  get waiting(): ApprovalRequest[] {
    return this.undecided.map(({ request }) => request);
  }

  decisionOn(n: number): Decision | undefined {
    return this.entry(n)?.decision;
  }

  /** The deadline has passed: what the question says for that case holds. */
  expire({ n, onTimeout = 'expire' }: ApprovalRequest, now: number): void {
    const entry = this.entry(n);
    if (!entry || entry.decision) return;
    const status = { approve: 'approved', reject: 'rejected', expire: 'expired' } as const;
    entry.decision = { status: status[onTimeout], approved: onTimeout === 'approve', n, at: now };
  }

  /** The question is no longer asked: its branch was cancelled. */
  withdraw(n: number, now: number): void {
    const entry = this.entry(n);
    if (entry && !entry.decision) entry.decision = { status: 'expired', approved: false, n, at: now };
  }

  /**
   * Checks an answer and finds what it answers. It comes from outside and may be anything.
   * @param early whether it may answer a question of the run before that is not asked again yet
   * @throws ApprovalInvalid
   */
  check(answer: unknown, early = false): Entry {
    const { id, by, choice, approved = true, edits } = readAnswer(answer);
    const entry = this.find(id, early);
    const { approvers, options, n } = entry.request;
    if (entry.decision) {
      throw invalid(
        `approval ${this.workflowId}/${n} is already ${entry.decision.status}${entry.decision.by ? ` by ${entry.decision.by}` : ''}`,
      );
    }
    if (approvers && (by === undefined || !approvers.includes(by))) {
      throw invalid(
        `approval ${this.workflowId}/${n} is for ${approvers.join(' or ')}, not for ${by ?? 'an answer without "by"'}`,
      );
    }
    if (choice !== undefined && !options?.includes(choice)) {
      throw invalid(`"${choice}" is not among the options: ${options?.join(', ') ?? 'there are none'}`);
    }
    const says = edits !== undefined || choice !== undefined;
    if (approved && entry.request.edits === 'required' && !says) {
      throw invalid(
        `approval ${this.workflowId}/${n} needs edits that say what holds${options ? ', or a choice' : ''}, as npx baton approve --edits '<JSON>' gives them`,
      );
    }
    return entry;
  }

  /** Takes an answer. @throws ApprovalInvalid, and then nothing has changed */
  decide(answer: unknown, now: number, early = false): Decision {
    const entry = this.check(answer, early);
    const { approved = true, by, choice, comment, edits } = readAnswer(answer);
    entry.decision = {
      status: approved ? 'approved' : 'rejected',
      approved,
      n: entry.request.n,
      at: now,
      ...(by === undefined ? {} : { by }),
      ...(choice === undefined ? {} : { choice }),
      ...(comment === undefined ? {} : { comment }),
      ...(edits === undefined ? {} : { edits }),
    };
    return entry.decision;
  }

  private entry(n: number): Entry | undefined {
    return this.entries.get(n);
  }

  private get undecided(): Entry[] {
    return [...this.entries.values()].filter(({ decision }) => !decision);
  }

  private find(id: ApprovalAnswer['id'], early: boolean): Entry {
    if (id === undefined) {
      const waiting = this.undecided;
      const [only] = waiting;
      if (only && waiting.length === 1) return only;
      const ids = waiting.map(({ request }) => `${this.workflowId}/${request.n}`).join(', ');
      throw invalid(
        only ? `several approvals wait, name one by id: ${ids}` : 'no approval waits in this run',
      );
    }
    const text = String(id);
    const prefix = `${this.workflowId}/`;
    const n = Number(text.startsWith(prefix) ? text.slice(prefix.length) : text);
    const carried = early ? this.carried.find(({ request }) => request.n === n) : undefined;
    const entry = this.entry(n) ?? carried;
    if (!entry && Number.isInteger(n) && n >= 1 && n <= this.before) {
      throw invalid(
        `approval ${this.workflowId}/${n} is closed: it was asked before the run was continued as new`,
      );
    }
    if (!entry) throw invalid(`there is no approval "${text}" in run ${this.workflowId}`);
    return entry;
  }
}

const FIELDS = { approved: 'boolean', by: 'string', choice: 'string', comment: 'string' } as const;

/** The edge of the run for answers. Workflow code carries no schema library, so their shape is checked by hand. */
function readAnswer(answer: unknown): ApprovalAnswer {
  if (answer === undefined || answer === null) return {};
  if (typeof answer !== 'object' || Array.isArray(answer)) {
    throw invalid('an answer is an object such as { "approved": true, "by": "lead" }');
  }
  const fields: Record<string, unknown> = { ...answer };
  for (const [name, type] of Object.entries(FIELDS)) {
    if (fields[name] !== undefined && typeof fields[name] !== type)
      throw invalid(`"${name}" of an answer is a ${type}`);
  }
  if (fields.id !== undefined && typeof fields.id !== 'string' && typeof fields.id !== 'number') {
    throw invalid('"id" of an answer is a string or a number');
  }
  return fields;
}

/** What a question asks, without when and where it does, and how it is to be answered. */
function textOf(question: Omit<ApprovalRequest, 'n'> & { n?: number }): string {
  const { n: _, askedAt: __, deadline: ___, span: ____, edits: _____, ...rest } = question;
  return JSON.stringify(rest);
}

function invalid(message: string) {
  return failure('ApprovalInvalid', message);
}
