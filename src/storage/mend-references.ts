import { StorageDriverClaim, type Payload } from '@temporalio/common';
import { ProtobufJsonPayloadConverter } from '@temporalio/common/lib/converter/protobuf-payload-converters.js';
import {
  decodeReferencePayload,
  encodeReferencePayload,
} from '@temporalio/common/lib/internal-non-workflow/index.js';
import { z } from 'zod';

/** Temporal's message that stands for a payload which is stored elsewhere. */
const REFERENCE = 'temporal.api.sdk.v1.ExternalStorageReference';

const Reference = z.object({
  driverName: z.string(),
  claimData: z.record(z.string(), z.string()).default({}),
});

/**
 * Lets Temporal's SDK write and read references where it cannot by itself. It asks `instanceof` of one copy of protobufjs about a type of
 * another one: where npm has not given `@temporalio/common` and `@temporalio/proto` the same copy, as mostly beside packages that
 * need an older protobufjs, every store and every read ends in "type must be a Type". What is written is the same, byte for byte.
 */
export function mendReferences(): void {
  if (works()) return;
  const converter = ProtobufJsonPayloadConverter.prototype;
  const original = { toPayload: converter.toPayload, fromPayload: converter.fromPayload };
  converter.toPayload = function (this: ProtobufJsonPayloadConverter, value: unknown) {
    const reference = isReference(value) ? Reference.parse(value) : undefined;
    return reference ? payloadOf(reference) : original.toPayload.call(this, value);
  };
  converter.fromPayload = function <T>(this: ProtobufJsonPayloadConverter, payload: Payload): T {
    if (textOf(payload.metadata?.messageType) !== REFERENCE)
      return original.fromPayload.call(this, payload) as T;
    return Reference.parse(JSON.parse(textOf(payload.data))) as T;
  };
}

function works(): boolean {
  try {
    const claim = new StorageDriverClaim({ key: 'value' });
    decodeReferencePayload(encodeReferencePayload({ driverName: 'driver', claim, sizeBytes: 1 }));
    return true;
  } catch {
    return false;
  }
}

function isReference(value: unknown): boolean {
  const type = (value as { $type?: { fullName?: unknown } } | null | undefined)?.$type;
  return type?.fullName === `.${REFERENCE}`;
}

function payloadOf(reference: z.infer<typeof Reference>): Payload {
  const encode = (text: string) => new TextEncoder().encode(text);
  return {
    metadata: { encoding: encode('json/protobuf'), messageType: encode(REFERENCE) },
    data: encode(JSON.stringify(reference)),
  };
}

function textOf(bytes: Uint8Array | null | undefined): string {
  return new TextDecoder().decode(bytes ?? new Uint8Array());
}
