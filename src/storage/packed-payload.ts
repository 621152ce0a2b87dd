import type { Payload } from '@temporalio/common';
import { z } from 'zod';
import { storageFailure } from './storage-failure.js';

const Metadata = z.record(z.string(), z.base64());

/** A payload as the bytes of a file: a line of JSON with its metadata (values in base64), and then its data as they are. */
export function packPayload({ metadata, data }: Payload): Uint8Array {
  const head = Object.entries(metadata ?? {}).map(
    ([key, value]) => [key, Buffer.from(value).toString('base64')] as const,
  );
  return Buffer.concat([
    Buffer.from(`${JSON.stringify(Object.fromEntries(head))}\n`),
    data ?? new Uint8Array(),
  ]);
}

/** @throws `StorageMissing` where the bytes are none of `packPayload`'s */
export function unpackPayload(bytes: Uint8Array): Payload {
  const end = bytes.indexOf(10);
  try {
    const head = Metadata.parse(JSON.parse(Buffer.from(bytes.subarray(0, end)).toString('utf8')));
    const metadata = Object.entries(head).map(([key, value]) => [key, Buffer.from(value, 'base64')] as const);
    return { metadata: Object.fromEntries(metadata), data: bytes.subarray(end + 1) };
  } catch (cause) {
    throw storageFailure('StorageMissing', 'what is stored there is no value of Baton', cause);
  }
}
