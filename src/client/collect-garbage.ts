import type { Client } from '@temporalio/client';
import { defaultDataConverter, type LoadedDataConverter } from '@temporalio/common';
import type { StoredNamespace, StoredValue, StoredValues } from '../storage/stored-values.js';
import { addReferences, keysInPayload } from './references.js';

export interface GarbageOptions {
  /** A client for each namespace whose values are looked at. Their references count for all of them. */
  clients: readonly Client[];
  storage: StoredValues;
  /** Milliseconds for which a value stays that nothing refers to yet: a run that is being started has stored it before it is recorded. */
  grace: number;
  /** Whether nothing is removed. */
  dryRun: boolean;
}

export interface Garbage {
  /** Executions whose histories were read. */
  runs: number;
  /** Values that something refers to; that nothing refers to, but are young; and that are garbage. */
  used: Tally;
  young: Tally;
  garbage: Tally;
  /** Of the garbage, what was removed: all of it, unless it was stored again meanwhile, or is not this server's. */
  removed: Tally;
}

export interface Tally {
  count: number;
  bytes: number;
}

/**
 * Removes the stored values to which nothing in the namespaces refers any more. All histories are read before anything is removed:
 * where one cannot be read, nothing is.
 * @throws what reading a history, or the storage, threw
 */
export async function collectGarbage({ clients, storage, grace, dryRun }: GarbageOptions): Promise<Garbage> {
  const before = Date.now() - grace;
  const references = new Set<string>();
  let runs = 0;
  for (const client of clients) runs += await addReferences(client, references);
  const found: Garbage = { runs, used: none(), young: none(), garbage: none(), removed: none() };
  const candidates = new Map<string, { value: StoredValue; namespace: StoredNamespace }>();
  for (const client of clients) {
    const namespace = await namespaceOf(client);
    for await (const value of storage.list(namespace)) {
      if (references.has(value.key)) count(found.used, value);
      else if (value.modified >= before) {
        count(found.young, value);
        // The run that is to refer to it needs what it refers to.
        references.add(value.key);
      } else candidates.set(value.key, { value, namespace });
    }
  }
  const converter = clients[0]?.options.loadedDataConverter ?? defaultDataConverter;
  for (const key of await heldByOthers(converter, storage, references, candidates)) {
    const held = candidates.get(key);
    if (held) count(found.used, held.value);
    candidates.delete(key);
  }
  for (const { value, namespace } of candidates.values()) {
    count(found.garbage, value);
    if (!dryRun && (await storage.remove(value.key, namespace, before))) count(found.removed, value);
  }
  return found;
}

/**
 * A stored value may itself refer to others, as a conversation that a run has handed on does. They are read for that only where
 * there is something to be removed.
 */
async function heldByOthers(
  converter: LoadedDataConverter,
  storage: StoredValues,
  references: ReadonlySet<string>,
  candidates: ReadonlyMap<string, unknown>,
): Promise<Set<string>> {
  const held = new Set<string>();
  const waiting = [...references];
  while (waiting.length > 0 && held.size < candidates.size) {
    const payload = await storage.read(waiting.pop() ?? '');
    for (const key of payload ? await keysInPayload(converter, payload) : []) {
      if (!candidates.has(key) || held.has(key)) continue;
      held.add(key);
      waiting.push(key);
    }
  }
  return held;
}

async function namespaceOf(client: Client): Promise<StoredNamespace> {
  const { namespace: name } = client.options;
  const { namespaceInfo } = await client.workflowService.describeNamespace({ namespace: name });
  return { name, id: namespaceInfo?.id ?? name };
}

function none(): Tally {
  return { count: 0, bytes: 0 };
}

function count(tally: Tally, { bytes }: StoredValue): void {
  tally.count++;
  tally.bytes += bytes;
}
