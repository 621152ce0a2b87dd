import type { Duration } from '@temporalio/common';
import type { z } from 'zod';
import type { ApprovalRule } from './approval.js';
import type { Json } from './json.js';

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
  /** People must agree before a call runs: always, or where the function of its arguments says so. */
  approval?: true | ToolApproval | ((args: z.output<In>) => boolean | ToolApproval);
  /** How long one attempt may take. Default 1 minute. */
  timeout?: Duration;
  /** Attempts at most, where more than one is safe. Default 3. */
  attempts?: number;
  /** Task queue of the workers that have this tool. Default: the run's own. */
  taskQueue?: string;
  /**
   * Does the work. What it throws is shown to the model as the call's error. A Temporal `ApplicationFailure`
   * that is retryable, and a lost connection (`ECONNRESET` and its like), are tried again first where that is safe.
   */
  run(args: z.output<In>, ctx: ToolContext): z.input<Out> | Promise<z.input<Out>>;
}

/** Who must agree to a call. */
export interface ToolApproval extends Omit<ApprovalRule, 'timeout'> {
  /** How long people have; the default is for ever. */
  timeout?: Duration;
}

/** A tool as agents and the worker hold it, whatever its types. */
export interface Tool {
  readonly kind: 'tool';
  readonly spec: Omit<ToolSpec<z.ZodType, z.ZodType>, 'run' | 'approval'> & {
    approval?: true | ToolApproval | ((args: never) => boolean | ToolApproval);
    run(args: never, ctx: ToolContext): unknown;
  };
}

/** Defines a typed function that an agent may call. Its name is its key among the worker's `agents`. */
export function defineTool<In extends z.ZodType, Out extends z.ZodType = z.ZodType<unknown>>(
  spec: ToolSpec<In, Out>,
): Tool {
  return { kind: 'tool', spec };
}
