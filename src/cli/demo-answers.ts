import type { PendingApproval, Run } from '../client.js';
import { BatonError } from '../agents/failures.js';
import { answerInTerminal } from './answer-in-terminal.js';
import { editsFlag } from './edits-flag.js';
import { say, type Io } from './io.js';
import { paintFor } from './paint.js';

export interface AnswerOptions {
  io: Io;
  run: Run;
  /** Answers everything as the first approver. */
  yes: boolean;
  /** What other commands need to find the server. */
  reach: string;
}

/**
 * Sees to the approvals of a demo: answers them, asks at the terminal, or says how they are answered from elsewhere.
 * Each is dealt with once, one after the other.
 */
export class DemoAnswers {
  private readonly seen = new Set<string>();
  private asking: { id: string; controller: AbortController } | undefined;
  private failure: unknown;

  constructor(private readonly options: AnswerOptions) {}

  /** @throws what an earlier answer failed with */
  async attend(waiting: readonly PendingApproval[]): Promise<void> {
    if (this.failure !== undefined) throw this.failure;
    // Answered from elsewhere: the question at the terminal is taken back.
    if (this.asking && !waiting.some(({ id }) => id === this.asking?.id)) this.asking.controller.abort();
    const next = waiting.find(({ id }) => !this.seen.has(id));
    if (!next || this.asking) return;
    this.seen.add(next.id);
    const { run, io, yes } = this.options;
    const [by] = next.approvers ?? [];
    if (yes) await ifStillOpen(run.approve({ id: next.id, ...(by === undefined ? {} : { by }) }));
    else if (io.in.isTTY === true && io.out.isTTY === true) this.ask(next);
    else this.explain(next);
  }

  stop(): void {
    this.asking?.controller.abort();
  }

  private ask(approval: PendingApproval): void {
    const controller = new AbortController();
    this.asking = { id: approval.id, controller };
    const { run, io } = this.options;
    ifStillOpen(answerInTerminal(run, approval, io, controller.signal))
      .catch((error: unknown) => {
        if (!controller.signal.aborted) this.failure = error;
      })
      .finally(() => (this.asking = undefined));
  }

  private explain(approval: PendingApproval): void {
    const { id, approvers } = approval;
    const { io, reach } = this.options;
    const by = approvers?.[0] === undefined ? '' : ` --by ${approvers[0]}`;
    const { bold } = paintFor(io.out);
    say(io, `\n  It waits for an answer. In another terminal:\n`);
    say(io, `    ${bold(`npx baton approve ${id}${by}${editsFlag(approval)}${reach}`)}`);
    say(io, `    npx baton reject ${id}${by} --comment "..."${reach}\n`);
  }
}

/** Somebody else may have been quicker. */
async function ifStillOpen(answer: Promise<unknown>): Promise<void> {
  try {
    await answer;
  } catch (error) {
    if (!(
      error instanceof BatonError &&
      error.code === 'ApprovalInvalid' &&
      error.message.includes('already')
    )) {
      throw error;
    }
  }
}
