import { createHash } from 'node:crypto';

/**
 * Digest of a JSON value: 128 bits of SHA-256 over its JSON text, in base64url (22 characters). Equal
 * values with keys in another order differ; Temporal's JSON payloads keep the order.
 */
export function digestOf(value: unknown): string {
  return hash(JSON.stringify(value));
}

/** Digest over a list that ends with `digest`, from the digest over the list before it. */
export function chain(head: string, digest: string): string {
  return hash(`${head} ${digest}`);
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest().subarray(0, 16).toString('base64url');
}

/** Nine alphanumerics, which every provider takes as the id of a tool call. */
export function shortId(text: string): string {
  const bytes = createHash('sha256').update(text).digest();
  return bytes.readBigUInt64BE().toString(36).padStart(13, '0').slice(-9);
}
