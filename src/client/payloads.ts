import type { Client } from '@temporalio/client';
import { decodeOptionalSinglePayload } from '@temporalio/common/lib/internal-non-workflow/index.js';
import type { temporal } from '@temporalio/proto';

/** Reads payloads of a history as the client reads results: by its data converter and codecs. */
export function payloadDecoder({ options }: Client) {
  return (payload: temporal.api.common.v1.IPayload): Promise<unknown> =>
    decodeOptionalSinglePayload(options.loadedDataConverter, payload);
}
