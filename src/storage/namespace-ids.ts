import type { WorkflowService } from '@temporalio/client';
import { reasonOf, storageFailure } from './storage-failure.js';

/**
 * The id of a namespace, which no other server has: servers share a folder or a bucket, and names such as `default`. What a
 * value is kept under, so that only the server that may refer to it decides when it goes.
 */
export type NamespaceIds = (namespace: string | undefined) => Promise<string>;

/** @param ownNamespace where a value comes from that says nothing of it */
export function namespaceIds(service: WorkflowService | undefined, ownNamespace: string): NamespaceIds {
  const known = new Map<string, Promise<string>>();
  return (namespace = ownNamespace) => {
    const id = known.get(namespace) ?? ask(service, namespace);
    known.set(namespace, id);
    id.catch(() => known.delete(namespace));
    return id;
  };
}

async function ask(service: WorkflowService | undefined, namespace: string): Promise<string> {
  if (!service)
    throw storageFailure('StorageUnavailable', 'values can be stored by a worker with a connection only');
  try {
    const { namespaceInfo } = await service.describeNamespace({ namespace });
    return namespaceInfo?.id ?? namespace;
  } catch (cause) {
    throw storageFailure('StorageUnavailable', `namespace ${namespace}: ${reasonOf(cause)}`, cause);
  }
}
