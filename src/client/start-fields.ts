import { z } from 'zod';
import { BatonError } from '../agents/failures.js';
import { RunOptions } from '../agents/run-options.js';
import { RunPriority } from './priority.js';

const { budget, tenant, tags } = RunOptions.shape;

/** The options of a start as they come from outside; a mistyped one would otherwise mean nothing, a budget too. */
const StartFields = z.strictObject({
  orchestration: z.string({ error: 'a function, or its name' }).min(1),
  id: z.string().min(1).max(1000).optional(),
  taskQueue: z.string().min(1).max(1000).optional(),
  priority: RunPriority.optional(),
  budget,
  tenant,
  tags,
});
type StartFields = z.infer<typeof StartFields>;

/** @throws BatonError `InputInvalid` */
export function readStart(fields: object): StartFields {
  const parsed = StartFields.safeParse(fields);
  if (parsed.success) return parsed.data;
  throw new BatonError('InputInvalid', `options of the run: ${z.prettifyError(parsed.error)}`);
}

/** A value as JSON carries it. @throws BatonError `InputInvalid` where it does not */
export function checkJson(what: string, value: unknown): void {
  const problem = whyNotJson(value);
  if (problem !== undefined) throw new BatonError('InputInvalid', `${what} is not JSON: ${problem}`);
}

function whyNotJson(value: unknown): string | undefined {
  if (typeof value === 'function' || typeof value === 'symbol') return `it is a ${typeof value}`;
  try {
    JSON.stringify(value);
    return undefined;
  } catch (error) {
    return error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
  }
}
