import { hash } from 'node:crypto';

const CHARACTERS = 16;

/**
 * Digest of a JSON value: 96 bits of SHA-256 over its JSON text, in base64url (16 characters: several stand in the
 * history for each turn). Equal values with keys in another order differ; Temporal's JSON payloads keep the order.
 */
export function digestOf(value: unknown): string {
  return digest(JSON.stringify(value));
}

/** Digest over a list that ends with what has the digest `last`, from the digest over the list before it. */
export function chain(head: string, last: string): string {
  return digest(`${head} ${last}`);
}

function digest(text: string): string {
  return hash('sha256', text, 'base64url').slice(0, CHARACTERS);
}
