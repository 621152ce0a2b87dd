import type { Payload } from '@temporalio/common';

/** An object of a storage that Baton has made. */
export interface StoredValue {
  key: string;
  bytes: number;
  /** When it was stored last, in milliseconds since the epoch. */
  modified: number;
}

export interface StoredNamespace {
  name: string;
  /** The server's own id of it. */
  id: string;
}

/** What is kept in a storage, as the collection of garbage sees it. */
export interface StoredValues {
  /** The values of a namespace; what is not Baton's is not among them. */
  list(namespace: StoredNamespace): AsyncIterable<StoredValue>;
  /** What is under a key; undefined where nothing is, or where the key is not this storage's. */
  read(key: string): Promise<Payload | undefined>;
  /**
   * Removes a value, unless it was stored again at or after `before`.
   * @returns whether it is gone
   */
  remove(key: string, namespace: StoredNamespace, before: number): Promise<boolean>;
}

/** Every key that stands in a text, however deep: those of the folder and those of Temporal's S3 driver. */
export function keysIn(text: string): string[] {
  return text.match(/v0\/[^"\\\s]*?sha256\/[0-9a-f]{64}/g) ?? [];
}
