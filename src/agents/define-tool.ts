import type { Duration } from '@temporalio/common';
import type { z } from 'zod';
import type { ApprovalRule } from './approval.js';
import type { Json, Jsonify } from './json.js';

/** What a tool's handler is given beside its arguments. */
export interface ToolContext {
  /** Aborted when the run is cancelled, the attempt times out, or the worker shuts down. */
  readonly signal: AbortSignal;
  /**
   * The same for every attempt of this call, different for every other call. Enforce it where the effect
   * happens (a unique column, an `Idempotency-Key` header): only there is an effect safe from a second attempt.
   */
  readonly idempotencyKey: string;
  readonly attempt: number;
  readonly run: { readonly workflowId: string; readonly runId: string };
  readonly tenant?: string;
  readonly log: {
    info(message: string, attributes?: object): void;
    warn(message: string, attributes?: object): void;
  };
  /** Reports progress to Temporal. Liveness is reported without it. */
  heartbeat(details?: Json): void;
}

/** What `compensate` is given beside the call's arguments and its result. */
export interface CompensationContext extends ToolContext {
  /** The key that the call had: by it what enforces keys can find the effect, and refuse it where it comes late. */
  readonly effectKey: string;
  /** Whether nobody knows if the effect happened. */
  readonly isUnknown: boolean;
}

export interface ToolSpec<In extends z.ZodType, Out extends z.ZodType> {
  /** What the tool does, for the model. */
  description: string;
  /** Schema of the arguments: an object. */
  input: In;
  /** Schema of the result. Default: any JSON. */
  output?: Out;
  /**
   * `read` may be repeated, and is retried when an attempt is lost. `write` changes the world: it has one
   * attempt, and where that is lost the model is told that the outcome is unknown.
   */
  effect: 'read' | 'write';
  /** A `write` that enforces `ctx.idempotencyKey` may say so, and is then retried like a `read`. */
  idempotent?: boolean;
  /**
   * Whom to tell where nobody knows whether a `write` was done. The model always hears of it; `person` asks people first what they
   * find: to approve says that it was done, to reject that it was not. Default `model`.
   */
  onUnknown?: 'model' | 'person' | ToolApproval;
  /** People must agree before a call runs: always, or where the function of its arguments says so. */
  approval?: true | ToolApproval | ((args: z.output<In>) => boolean | ToolApproval);
  /** How long one attempt may take. Default 1 minute; 10 seconds where the tool is placed local. */
  timeout?: Duration;
  /** Attempts at most, where more than one is safe. Default 3. */
  attempts?: number;
  /**
   * Bytes of the result, as JSON, that the transcript holds at most, up to 1,000,000. Of a larger one it holds the start, and the whole
   * is stored (docs/storage.md). Default: the worker's, 64 KB.
   */
  resultBytes?: number;
  /** Task queue of the workers that have this tool. Default: the run's own. */
  taskQueue?: string;
  /**
   * `local`: a call is a local activity, in the process of the workflow: cheaper to dispatch, for a `read` that takes milliseconds.
   * Calls that Temporal has not recorded yet are made again after the death of a worker (docs/placement.md).
   */
  placement?: 'local';
  /**
   * Does the work. What it throws is shown to the model as the call's error, and says of a `write` that it was not done. A
   * Temporal `ApplicationFailure` that is retryable, and a lost connection (`ECONNRESET` and its like), are tried again first where
   * that is safe. A `write` that is cut off without an answer has an unknown outcome, and so has one that throws an
   * `ApplicationFailure` of type `OutcomeUnknown`.
   */
  run(args: z.output<In>, ctx: ToolContext): z.input<Out> | Promise<z.input<Out>>;
  /**
   * Undoes the effect of a call, of a `write`. A `saga` calls it for the calls that were made in it, the last one first, and again
   * until it does not throw. Like the call it must enforce its key: `ctx.idempotencyKey`.
   * @param result what the call gave, after its way through JSON; undefined where its outcome is unknown, or where the result was
   * too long to be kept whole
   */
  compensate?(
    args: z.output<In>,
    result: Jsonify<z.output<Out>> | undefined,
    ctx: CompensationContext,
  ): unknown;
  /** Attempts of `compensate` at most. Default 10. */
  undoAttempts?: number;
}

/** Who must agree to a call. */
export interface ToolApproval extends Omit<ApprovalRule, 'timeout'> {
  /** How long people have; the default is for ever. */
  timeout?: Duration;
}

/** A tool as agents and the worker hold it, whatever its types. */
export interface Tool {
  readonly kind: 'tool';
  readonly spec: Omit<ToolSpec<z.ZodType, z.ZodType>, 'run' | 'approval' | 'compensate'> & {
    approval?: true | ToolApproval | ((args: never) => boolean | ToolApproval);
    run(args: never, ctx: ToolContext): unknown;
    compensate?(args: never, result: never, ctx: CompensationContext): unknown;
  };
}

/** Defines a typed function that an agent may call. Its name is its key among the worker's `agents`. */
export function defineTool<In extends z.ZodType, Out extends z.ZodType = z.ZodType<unknown>>(
  spec: ToolSpec<In, Out>,
): Tool {
  return { kind: 'tool', spec };
}
