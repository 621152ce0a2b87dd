import { Client, Connection } from '@temporalio/client';
import { z } from 'zod';
import type { Agent, AnyAgent } from './agents/define-agent.js';
import { BatonError } from './agents/failures.js';
import type { Json, Jsonify } from './agents/json.js';
import { DEFAULT_TASK_QUEUE, SESSION_ORCHESTRATION } from './agents/names.js';
import { RunOptions } from './agents/run-options.js';
import type { OutgoingEvent } from './agents/event.js';
import type { Budget } from './agents/usage.js';
import { emitEvent, type Emitted, type EmitOptions } from './client/emit-event.js';
import { pendingApprovals, type InboxFilter } from './client/inbox.js';
import { namingStorage } from './client/naming-storage.js';
import { priorityOf, type RunPriority } from './client/priority.js';
import { checkConnect } from './client/connect-options.js';
import { checkJson, readStart } from './client/start-fields.js';
import { Run } from './client/run.js';
import { runOptionsInterceptor, startingWith } from './client/run-options-interceptor.js';
import {
  Session,
  type AgentSessionOptions,
  type SessionOf,
  type SessionStartOptions,
} from './client/session.js';
import { connectionOptions, unreachable, type ConnectionSettings } from './connection.js';
import type { StoredResult } from './agents/stored-result.js';
import { readValue } from './storage/keep-value.js';
import type { Storage } from './storage/open-storage.js';
import { withStorage } from './storage/with-storage.js';

export { BatonError, FAILURES, type FailureCode } from './agents/failures.js';
export type { ApprovalAnswer, ApprovalRequest, Decision } from './agents/approval.js';
export type { InboxFilter, PendingApproval } from './client/inbox.js';
export type { BatonEvent, OutgoingEvent, Reached } from './agents/event.js';
export type { Emitted, EmitOptions } from './client/emit-event.js';
export { createEventHandler, type EventSink, type EventHandlerOptions } from './client/event-handler.js';
export type { RunPriority } from './client/priority.js';
export { fetchHistory } from './history/fetch-history.js';
export { Run, type ApprovalWait } from './client/run.js';
export type { SendOptions } from './client/send-message.js';
export {
  Session,
  type AgentSessionOptions,
  type SessionOf,
  type SessionStartOptions,
} from './client/session.js';
export type { Note } from './agents/note.js';
export type { TraceOptions } from './client/fetch-trace.js';
export type { StoredResult } from './agents/stored-result.js';
export type { Storage } from './storage/open-storage.js';
export type { Span, SpanError, SpanOf, SpanStatus, Totals, Trace } from './trace/trace.js';

export interface ConnectOptions extends ConnectionSettings {
  /** A Temporal connection that is open already; it stays open when Baton is closed. */
  connection?: Connection;
  /** Task queue of the runs that are started. Default `baton`. */
  taskQueue?: string;
  /** Where large values are kept: the same as the workers'. Default: `BATON_STORAGE`, else a folder of this user. */
  storage?: Storage;
}

export interface StartOptions {
  /** Workflow id. Where a run of that id is going on, the start attaches to it. Default: the orchestration's name and a random part. */
  id?: string;
  /** Limits over the whole run, its children included: US dollars and tokens. */
  budget?: Budget;
  /** Whose run it is; tools are told, it can be searched for, and where work waits tenants are served in turn. */
  tenant?: string;
  /** What is served first where work waits: 1 (`interactive`) before 5 (`batch`); children and turns inherit it. Default 3. */
  priority?: RunPriority;
  tags?: string[];
  taskQueue?: string;
}

/** The function of an orchestration. */
export type Orchestration = (input: never) => Promise<unknown>;

/** A run with the orchestration's result, as it comes back through JSON. */
export type RunOf<Fn extends Orchestration> = Run<Jsonify<Awaited<ReturnType<Fn>>>>;

/**
 * Connects to Temporal, by its standard configuration (`TEMPORAL_ADDRESS` and its like, `temporal.toml`).
 * @throws BatonError `ServerUnreachable`, `ConfigInvalid`
 */
export async function connect(options: ConnectOptions = {}): Promise<Baton> {
  checkConnect(options);
  const { connection: options_, namespace } = connectionOptions(options);
  const { connection: given, taskQueue = DEFAULT_TASK_QUEUE } = options;
  const connection =
    given ??
    (await Connection.connect(options_).catch((cause: unknown) => {
      throw unreachable(options_.address, cause);
    }));
  const client = new Client({
    connection,
    namespace,
    dataConverter: withStorage(undefined, options.storage, {
      service: connection.workflowService,
      namespace,
    }),
    interceptors: { workflow: [runOptionsInterceptor] },
  });
  return new Baton(client, taskQueue, given ? undefined : connection);
}

/** Starts runs and finds them again. */
export class Baton {
  constructor(
    /** Temporal's own client, for what Baton does not cover. */
    readonly client: Client,
    /** Where its runs go. */
    readonly taskQueue: string,
    private readonly owned: Connection | undefined,
  ) {}

  /**
   * Starts an orchestration, or attaches to the run of that id that is going on.
   * @param orchestration the function, or its name: `start<typeof refund>('refund', ticket)`, which needs its type only
   * @throws BatonError `InputInvalid` where an option does not fit
   */
  async start<Fn extends Orchestration>(
    orchestration: Fn,
    input: Parameters<Fn>[0],
    options?: StartOptions,
  ): Promise<RunOf<Fn>>;
  // One signature for both would take the constraint for `Fn` where only a name is given.
  async start<Fn extends Orchestration = (input: unknown) => Promise<unknown>>(
    // eslint-disable-next-line @typescript-eslint/unified-signatures -- inference differs, see above
    name: string,
    input: Parameters<Fn>[0],
    options?: StartOptions,
  ): Promise<RunOf<Fn>>;
  async start(
    orchestration: Orchestration | string,
    input: unknown,
    given: StartOptions = {},
  ): Promise<Run<unknown>> {
    const name = typeof orchestration === 'function' ? orchestration.name : orchestration;
    const start = readStart({ orchestration: name, ...given });
    const { orchestration: type, id, budget, tenant, tags, taskQueue, priority } = start;
    checkJson('the input', input);
    const options: RunOptions = {
      ...(budget === undefined ? {} : { budget }),
      ...(tenant === undefined ? {} : { tenant }),
      ...(tags === undefined ? {} : { tags }),
    };
    const workflowId = id ?? `${type}-${crypto.randomUUID().slice(0, 8)}`;
    const started = startingWith.run(options, () =>
      this.client.workflow.start(type, {
        workflowId,
        taskQueue: taskQueue ?? this.taskQueue,
        args: [input],
        workflowIdConflictPolicy: 'USE_EXISTING',
        ...priorityOf(priority, tenant),
        ...(tags ? { memo: { tags } } : {}),
      }),
    );
    const handle = await namingStorage(started);
    return new Run(this.client, workflowId, handle.firstExecutionRunId, true);
  }

  /** A run by its workflow id: the newest of that id, or the one with the run id. */
  run<Output = unknown>(workflowId: string, runId?: string): Run<Output> {
    return new Run(this.client, workflowId, runId);
  }

  /**
   * Emits an event: to all that subscribe to it on the workers of the task queue, or to the one run named by `to`. Once
   * this has begun the event is kept, and its delivery goes on until it is done. The same id again changes nothing, and
   * gives what became of the first.
   * @throws BatonError `EventInvalid`, and then nobody has got it; `RunNotFound`
   */
  async emit(event: OutgoingEvent, options: EmitOptions = {}): Promise<Emitted> {
    if (event.to !== undefined) return this.run(event.to).emit(event);
    return emitEvent(this.client, event, { taskQueue: this.taskQueue, ...options });
  }

  /**
   * The session of an agent: a long-lived conversation, begun by its first message. Nothing is sent yet.
   * @param of the agent's name: `session<typeof clerk>('clerk', { id })` types messages and answers; or an orchestration of
   * one's own that calls `session`
   * @throws BatonError `InputInvalid` where an option does not fit
   */
  session<A extends AnyAgent = Agent<Json, Json>>(of: string, options: AgentSessionOptions): SessionOf<A>;
  session<Fn extends Orchestration>(
    of: Fn,
    options: SessionStartOptions & { input: Parameters<Fn>[0] },
  ): Session;
  session(
    of: string | Orchestration,
    {
      id,
      budget,
      tenant,
      tags,
      priority,
      taskQueue = this.taskQueue,
      ...rest
    }: AgentSessionOptions & { input?: unknown },
  ): Session {
    return new Session(this.client, id, {
      orchestration: typeof of === 'string' ? SESSION_ORCHESTRATION : of.name,
      ...(typeof of === 'string' ? { agent: of, input: { agent: of, ...rest } } : { input: rest.input }),
      taskQueue,
      options: readOptions({ budget, tenant, tags }),
      ...priorityOf(priority, tenant),
    });
  }

  /** What waits for people in open runs, the oldest first. */
  approvals(filter: InboxFilter = {}) {
    return pendingApprovals(this.client, filter);
  }

  /**
   * The whole of a value of which a trace or a transcript holds only where it is stored.
   * @throws BatonError `StorageMissing`, `StorageUnavailable`
   */
  stored(stored: Pick<StoredResult, 'driver' | 'claim'>): Promise<Json> {
    return namingStorage(readValue(this.client.options.loadedDataConverter, stored));
  }

  /** Closes the connection, where `connect` opened it. */
  async close(): Promise<void> {
    await this.owned?.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

function readOptions(given: object): RunOptions {
  const options = RunOptions.safeParse(given);
  if (options.success) return options.data;
  throw new BatonError('InputInvalid', `options of the run: ${z.prettifyError(options.error)}`);
}
