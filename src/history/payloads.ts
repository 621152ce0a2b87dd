import type { Client } from '@temporalio/client';
import {
  decodeOptionalSinglePayload,
  decodeReferencePayload,
  isReferencePayload,
} from '@temporalio/common/lib/internal-non-workflow/index.js';
import type { temporal } from '@temporalio/proto';
import { readValue } from '../storage/keep-value.js';

/** Bytes up to which a stored value is read for a trace: what a history could hold itself. */
const MAX_READ_BYTES = 2_000_000;

/** Stands in a trace for a value that is stored elsewhere and too large to be read for it. `Baton.stored` reads it. */
export interface StoredPayload {
  stored: { driver: string; claim: Record<string, string>; bytes: number };
}

/**
 * Reads payloads of a history as the client reads results: by its data converter and codecs.
 * @param maxBytes of what is stored elsewhere; larger values stay there
 */
export function payloadDecoder({ options }: Client, maxBytes = MAX_READ_BYTES) {
  const converter = options.loadedDataConverter;
  return (payload: temporal.api.common.v1.IPayload): Promise<unknown> => {
    if (!isReferencePayload(payload)) return decodeOptionalSinglePayload(converter, payload);
    const { driverName: driver, claimData: claim, sizeBytes: bytes } = decodeReferencePayload(payload);
    if (bytes <= maxBytes) return readValue(converter, { driver, claim });
    return Promise.resolve({ stored: { driver, claim, bytes } } satisfies StoredPayload);
  };
}
