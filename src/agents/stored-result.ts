import { z } from 'zod';

/** A value that is kept in the worker's storage, as what stands in its place refers to it. */
export const StoredResult = z.object({
  /** Name of the storage driver that has it, and what the driver needs to find it. */
  driver: z.string(),
  claim: z.record(z.string(), z.string()),
  /** Size of the value: text in UTF-8, anything else as JSON. */
  bytes: z.number().int().nonnegative(),
  /** Digest of the value, by which a model names it. */
  digest: z.string(),
});
export type StoredResult = z.infer<typeof StoredResult>;
