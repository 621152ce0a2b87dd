import {
  type LoadedDataConverter,
  StorageDriverClaim,
  type StorageDriverTargetInfo,
} from '@temporalio/common';
import {
  decodeOptionalSinglePayload,
  encodeToPayload,
} from '@temporalio/common/lib/internal-non-workflow/index.js';
import type { Json } from '../agents/json.js';
import type { StoredResult } from '../agents/stored-result.js';
import { storageFailure } from './storage-failure.js';

/**
 * Stores a value whatever its size, encoded as all that goes to Temporal.
 * @returns undefined where the converter has no storage, or the storage does not want it
 * @throws `StorageUnavailable`
 */
export async function keepValue(
  converter: LoadedDataConverter,
  target: StorageDriverTargetInfo,
  value: Json,
): Promise<Pick<StoredResult, 'driver' | 'claim'> | undefined> {
  const { externalStorage } = converter;
  if (!externalStorage) return undefined;
  const payload = await encodeToPayload(converter, value);
  const driver = externalStorage.driverSelector({ target }, payload);
  const [claim] = (await driver?.store({ target }, [payload])) ?? [];
  return driver && claim ? { driver: driver.name, claim: claim.claimData } : undefined;
}

/** @throws `StorageMissing`, `StorageUnavailable` */
export async function readValue(
  converter: LoadedDataConverter,
  { driver: name, claim }: Pick<StoredResult, 'driver' | 'claim'>,
): Promise<Json> {
  const driver = converter.externalStorage?.getDriver(name);
  if (!driver)
    throw storageFailure(
      'StorageUnavailable',
      `the value is kept by "${name}", which this process does not have`,
    );
  const [payload] = await driver.retrieve({}, [new StorageDriverClaim(claim)]);
  return (await decodeOptionalSinglePayload<Json>(converter, payload)) ?? null;
}
