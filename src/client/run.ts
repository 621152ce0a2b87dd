import { setTimeout as delay } from 'node:timers/promises';
import {
  type Client,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  type WorkflowHandle,
} from '@temporalio/client';
import { ApplicationFailure, type Duration } from '@temporalio/common';
import { msToNumber } from '@temporalio/common/lib/time.js';
import { z } from 'zod';
import { ApprovalAnswer, type Decision } from '../agents/approval.js';
import type { OutgoingEvent } from '../agents/event.js';
import { BatonError } from '../agents/failures.js';
import type { Json } from '../agents/json.js';
import { CLOSE_SIGNAL, DECIDE_UPDATE } from '../agents/names.js';
import type { Trace } from '../trace/trace.js';
import { tellRun, type Emitted } from './emit-event.js';
import { fetchTrace, type TraceOptions } from './fetch-trace.js';
import { approvalsOf, type PendingApproval } from './inbox.js';
import { sendMessage, type SendOptions } from './send-message.js';

export interface ApprovalWait {
  /** How long to wait for a question to come up. Default: not at all. */
  wait?: Duration;
}

type Answer = Omit<ApprovalAnswer, 'approved' | 'id'> & { id?: string };

const POLL_MS = 200;

/** One execution of an orchestration, and the runs below it. */
export class Run<Output = unknown> {
  private readonly handle: WorkflowHandle;

  constructor(
    private readonly client: Client,
    readonly id: string,
    readonly runId: string | undefined,
    /** Whether `runId` is the first of a chain, which goes on where the run is continued as new. */
    private readonly isFirst = false,
  ) {
    this.handle = client.workflow.getHandle(id, runId);
  }

  /**
   * Waits for the run's end and gives its result.
   * @throws WorkflowFailedError where it failed; its `cause` says how
   */
  async result(): Promise<Output> {
    const result: unknown = await this.named(this.handle.result());
    // A child that was allotted money hands its parent what it has spent beside its result.
    const isReport =
      typeof result === 'object' && result !== null && 'baton_spent' in result && 'result' in result;
    return (isReport ? result.result : result) as Output;
  }

  /** Approves what waits: in this run or below it; with `id` one of several. @throws BatonError `ApprovalInvalid`, `RunNotFound` */
  approve(answer: Answer = {}): Promise<Decision> {
    return this.answer({ ...answer, approved: true });
  }

  /** Rejects what waits, as `approve` approves it. */
  reject(answer: Answer = {}): Promise<Decision> {
    return this.answer({ ...answer, approved: false });
  }

  /** What waits for people, in this run and the runs below it. */
  async approvals({ wait = 0 }: ApprovalWait = {}): Promise<PendingApproval[]> {
    const until = Date.now() + msToNumber(wait);
    for (;;) {
      const waiting = await this.named(this.newestRunId().then((runId) => this.waiting(this.id, runId)));
      if (!waiting) return []; // a run that has ended asks nothing any more
      if (waiting.length > 0 || Date.now() >= until) return waiting;
      await delay(POLL_MS);
    }
  }

  /** Brings the run an event; `waitForEvent` gets it. @throws BatonError `EventInvalid`, `RunNotFound` */
  emit(event: Omit<OutgoingEvent, 'to'>): Promise<Emitted> {
    return this.named(tellRun(this.newest, event));
  }

  /**
   * Sends the run's session a message and gives the answer, as `Session.send`, but begins none.
   * @throws BatonError `RunNotFound`, and those of `Session.send`
   */
  send(message: Json, options: SendOptions = {}): Promise<unknown> {
    return sendMessage(this.client, this.id, message, options);
  }

  /** Has the run's session end when all that has come is answered. @throws BatonError `RunNotFound` */
  async close(): Promise<void> {
    await this.named(this.newest.signal(CLOSE_SIGNAL));
  }

  /** Asks the run to stop. Its activities are told, and what it waits for ends. */
  async cancel(): Promise<void> {
    const { client, id, runId } = this;
    const chain = client.workflow.getHandle(
      id,
      undefined,
      runId === undefined ? {} : { firstExecutionRunId: runId },
    );
    await this.named((this.isFirst ? chain : this.handle).cancel());
  }

  /** Temporal's name of the run's state, such as `RUNNING` or `COMPLETED`. */
  async status(): Promise<string> {
    const describe = async () => this.client.workflow.getHandle(this.id, await this.newestRunId()).describe();
    return (await this.named(describe())).status.name;
  }

  /**
   * What the run did so far, as a tree: agents, turns, tool calls, approvals and child runs, with their cost and time. It
   * is read from the event history, of open and closed runs alike.
   * @throws BatonError `RunNotFound`
   */
  trace(options: TraceOptions = {}): Promise<Trace> {
    return this.named(fetchTrace(this.client, this.id, this.runId, options));
  }

  /** Of the run itself, or of what it was continued as. A later run of the same id is another one. */
  private async newestRunId(): Promise<string | undefined> {
    if (!this.isFirst) return this.runId;
    const { runId, raw } = await this.client.workflow.getHandle(this.id).describe();
    return raw.workflowExecutionInfo?.firstRunId === this.runId ? runId : this.runId;
  }

  private async answer(raw: ApprovalAnswer): Promise<Decision> {
    const parsed = ApprovalAnswer.safeParse(raw);
    if (!parsed.success) throw new BatonError('ApprovalInvalid', z.prettifyError(parsed.error));
    const id = parsed.data.id === undefined ? await this.onlyApproval() : String(parsed.data.id);
    const slash = id.lastIndexOf('/');
    const workflowId = slash < 0 ? this.id : id.slice(0, slash);
    const answer = { ...parsed.data, id: id.slice(slash + 1) };
    try {
      return await this.named(
        this.client.workflow
          .getHandle(workflowId)
          .executeUpdate<Decision, [ApprovalAnswer]>(DECIDE_UPDATE, { args: [answer] }),
      );
    } catch (error) {
      if (error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure) {
        throw new BatonError('ApprovalInvalid', error.cause.message, { cause: error });
      }
      throw error;
    }
  }

  private async onlyApproval(): Promise<string> {
    const waiting = await this.approvals();
    const [only] = waiting;
    if (!only) throw new BatonError('ApprovalInvalid', `no approval waits in run ${this.id}`);
    if (waiting.length > 1) {
      throw new BatonError(
        'ApprovalInvalid',
        `several approvals wait, name one by id: ${waiting.map(({ id }) => id).join(', ')}`,
      );
    }
    return only.id;
  }

  /** What waits in a run and below it; undefined where the run has ended. */
  private async waiting(workflowId: string, runId?: string): Promise<PendingApproval[] | undefined> {
    const { status, raw } = await this.client.workflow.getHandle(workflowId, runId).describe();
    if (status.name !== 'RUNNING') return undefined;
    const below = (raw.pendingChildren ?? []).map((child) =>
      this.waiting(child.workflowId ?? '', child.runId ?? ''),
    );
    return [
      ...(await approvalsOf(this.client, workflowId, runId)),
      ...(await Promise.all(below)).flatMap((list) => list ?? []),
    ];
  }

  /** The run of the id that is going on: this one may have been continued as new. */
  private get newest(): WorkflowHandle {
    return this.client.workflow.getHandle(this.id);
  }

  /** Names the failure where Temporal does not know the run. */
  private async named<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
      throw new BatonError('RunNotFound', `${this.id}: not there, or already closed`, { cause: error });
    }
  }
}
