import type { temporal } from '@temporalio/proto';
import type { Json } from '../agents/json.js';

export type Payload = temporal.api.common.v1.IPayload;

/** Decodes one payload, as the run's data converter would; it may reject. */
export type DecodePayload = (payload: Payload) => Promise<unknown>;

/** What stands in a trace for a payload that could not be read, as where the reader has no key. */
export type Undecodable = { undecodable: { encoding: string; bytes: number; reason: string } };

/** A payload's value as JSON. What cannot be read, or is no JSON, stays visible as `Undecodable`; it never rejects. */
export async function decodeValue(payload: Payload, decode: DecodePayload): Promise<Json> {
  try {
    const value = await decode(payload);
    if (value === undefined) return null;
    if (value instanceof Uint8Array) return undecodable(payload, 'binary data');
    return value as Json;
  } catch (error) {
    return undecodable(payload, error instanceof Error ? error.message : String(error));
  }
}

export function decodeValues(
  payloads: temporal.api.common.v1.IPayloads | null | undefined,
  decode: DecodePayload,
): Promise<Json[]> {
  return Promise.all((payloads?.payloads ?? []).map((payload) => decodeValue(payload, decode)));
}

function undecodable({ metadata, data }: Payload, reason: string): Undecodable {
  const encoding = metadata?.encoding ? new TextDecoder().decode(metadata.encoding) : 'unknown';
  return { undecodable: { encoding, bytes: data?.length ?? 0, reason } };
}
