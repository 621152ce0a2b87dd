import { createHash } from 'node:crypto';

/**
 * Digest of a JSON value: 96 bits of SHA-256 over its JSON text, in base64url (16 characters: several stand in the
 * history for each turn). Equal values with keys in another order differ; Temporal's JSON payloads keep the order.
 */
export function digestOf(value: unknown): string {
  return hash(JSON.stringify(value));
}

/** Digest over a list that ends with `digest`, from the digest over the list before it. */
export function chain(head: string, digest: string): string {
  return hash(`${head} ${digest}`);
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest().subarray(0, 12).toString('base64url');
}
