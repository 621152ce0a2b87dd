import { z } from 'zod';
import { BatonError } from '../agents/failures.js';
import { ConnectionFields } from '../connection.js';

/** The options of `connect` as they come from outside: a mistyped one would otherwise mean nothing. */
const ConnectFields = z.strictObject({
  ...ConnectionFields,
  connection: z
    .looseObject({ workflowService: z.unknown() }, { error: 'an open Connection of @temporalio/client' })
    .optional(),
  taskQueue: z.string().min(1).max(1000).optional(),
  // Read where it is opened.
  storage: z.unknown().optional(),
});

/** @throws BatonError `ConfigInvalid` */
export function checkConnect(options: unknown): void {
  const parsed = ConnectFields.safeParse(options);
  if (parsed.success) return;
  throw new BatonError('ConfigInvalid', `options of connect: ${z.prettifyError(parsed.error)}`);
}
