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
import type { Message } from '../agents/message.js';
import { CLOSE_SIGNAL, DECIDE_UPDATE, UNDO_SIGNAL, NOTES_MEMO } from '../agents/names.js';
import { RunNotes, type Note } from '../agents/note.js';
import { resultOfReport } from '../agents/report.js';
import type { Trace } from '../trace/trace.js';
import { tellRun, type Emitted } from './emit-event.js';
import { fetchShown } from './fetch-shown.js';
import { fetchTrace, type TraceOptions } from './fetch-trace.js';
import { approvalsOf, type PendingApproval } from './inbox.js';
import { namingStorage } from './naming-storage.js';
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
    return resultOfReport(await this.named(this.handle.result())) as Output;
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

  /** Ends the run at once: its code is not told, and nothing that it has done is undone. @throws BatonError `RunNotFound` */
  async terminate(reason?: string): Promise<void> {
    await this.named(this.newest.terminate(reason));
  }

  /**
   * Has the run undo what its sagas have done, and end them with `Undone`. A saga that has ended already stays as it is; one that begins
   * later undoes at once.
   * @throws BatonError `RunNotFound`
   */
  async undo(reason?: string): Promise<void> {
    await this.named(this.newest.signal(UNDO_SIGNAL, reason === undefined ? {} : { reason }));
  }

  /** Temporal's name of the run's state, such as `RUNNING` or `COMPLETED`. */
  async status(): Promise<string> {
    const describe = async () => this.client.workflow.getHandle(this.id, await this.newestRunId()).describe();
    const { name } = (await this.named(describe())).status;
    // Continued as new between the two questions.
    return name === 'CONTINUED_AS_NEW' && this.isFirst ? (await this.named(describe())).status.name : name;
  }

  /**
   * What did not go as it should in the run though it went on: fall-backs used, results missing, and why. Empty until it ends.
   * Those of the runs below it are in its trace.
   */
  async notes(): Promise<Note[]> {
    const describe = async () => this.client.workflow.getHandle(this.id, await this.newestRunId()).describe();
    const { memo } = await this.named(describe());
    return RunNotes.safeParse(memo?.[NOTES_MEMO]).data?.notes ?? [];
  }

  /**
   * What the run did so far, as a tree: agents, turns, tool calls, approvals and child runs, with their cost and time. It
   * is read from the event history, of open and closed runs alike; how often an open activity was tried the server says.
   * @throws BatonError `RunNotFound`
   */
  trace(options: TraceOptions = {}): Promise<Trace> {
    return this.named(fetchTrace(this.client, this.id, this.runId, options));
  }

  /**
   * What the model was shown of the conversation in a turn of the run, or of a run below it, word for word; the instructions are not
   * in it.
   * @param turn id of the turn's span in the trace, or the path or name of its agent and its number, such as `clerk.1#3` or `clerk#3`
   * @throws BatonError `RunNotFound`, `TurnUnknown`
   */
  async shown(turn: string): Promise<Message[]> {
    return this.named(fetchShown(this.client, this, turn));
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
    // Continued as new a moment ago: what waits there is known the next time.
    if (status.name === 'CONTINUED_AS_NEW') return [];
    if (status.name !== 'RUNNING') return undefined;
    // The newest run of a child: the one that its parent started may have been continued as new.
    const below = (raw.pendingChildren ?? []).map((child) => this.waiting(child.workflowId ?? ''));
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
      return await namingStorage(work);
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
      throw new BatonError(
        'RunNotFound',
        `${this.id}: ${/already completed/.test(error.message) ? 'it has ended already' : 'there is no such run'}`,
        { cause: error },
      );
    }
  }
}
