import { z } from 'zod';
import type { Json } from '../agents/json.js';
import { bytes } from './bytes.js';

/** What stands in a trace for a value that is stored elsewhere (`StoredPayload`). */
const Stored = z.strictObject({
  stored: z.object({ driver: z.string(), claim: z.record(z.string(), z.string()), bytes: z.number() }),
});

/** A stored value in words; undefined for any other. */
export function storedText(value: Json | undefined): string | undefined {
  const { data } = Stored.safeParse(value);
  return data && `${bytes(data.stored.bytes)}, stored`;
}
