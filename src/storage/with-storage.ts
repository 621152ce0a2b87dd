import type { WorkflowService } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import { namespaceIds } from './namespace-ids.js';
import { openStorage, readStorage, type Storage } from './open-storage.js';

/**
 * A data converter that keeps large values where `setting` says. One that has a storage already keeps it, where there is no setting.
 * @param service of the connection: asked for the ids of namespaces
 * @throws BatonError `ConfigInvalid`
 */
export function withStorage(
  converter: DataConverter | undefined,
  setting: Storage | undefined,
  { service, namespace = 'default' }: { service: WorkflowService | undefined; namespace: string | undefined },
): DataConverter {
  if (setting === undefined && converter?.externalStorage) return converter;
  const storage = openStorage(readStorage(setting), namespaceIds(service, namespace));
  return storage ? { ...converter, externalStorage: storage.external } : { ...converter };
}
