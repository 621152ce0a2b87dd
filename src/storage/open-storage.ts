import { ExternalStorage, type StorageDriver } from '@temporalio/common';
import { BatonError } from '../agents/failures.js';
import { FolderDriver } from './folder-driver.js';
import { mendReferences } from './mend-references.js';
import type { NamespaceIds } from './namespace-ids.js';
import { S3_DRIVER, S3Driver } from './s3-driver.js';
import { storageFailure } from './storage-failure.js';
import { defaultFolder, locationText, readLocation, type StorageLocation } from './storage-location.js';
import type { StoredValues } from './stored-values.js';

/**
 * Where large values are kept: a folder, `s3://bucket/prefix?endpoint=…&region=…`, `none` (as `false`), or a driver or an
 * `ExternalStorage` of one's own.
 */
export type Storage = string | false | StorageDriver | ExternalStorage;

/** A storage that was read, and not yet opened. */
export type StorageChoice = StorageLocation | { kind: 'own'; external: ExternalStorage };

export interface OpenStorage {
  external: ExternalStorage;
  /** Where it is, for people. */
  where: string;
  /** What is in it, where it is one of Baton's. */
  values?: StoredValues;
  /** @throws where it cannot be used */
  check(): Promise<void>;
}

/**
 * Bytes from which on a payload is stored outside. A folder is read by those only that have it: just what Temporal would
 * refuse goes there (a payload may have 2 MB). A bucket can be read by all. Pages of a transcript, up to 1 MB, go to neither.
 */
const THRESHOLDS = { folder: 1_900_000, s3: 1_048_576 };

/** What a storage may be, for those who gave something else. */
export const STORAGES = 'a folder, s3://bucket/prefix, false, or a storage driver';

/** Whether it is a driver or an `ExternalStorage`. */
export function isOwnStorage(value: unknown): value is StorageDriver | ExternalStorage {
  if (typeof value !== 'object' || value === null) return false;
  return 'drivers' in value
    ? Array.isArray(value.drivers)
    : 'retrieve' in value && typeof value.retrieve === 'function';
}

/**
 * @param setting default: `BATON_STORAGE`, else a folder of this user
 * @param cwd what a folder is relative to
 * @throws BatonError `ConfigInvalid`
 */
export function readStorage(setting: Storage | undefined, cwd?: string): StorageChoice {
  if (setting === false) return { kind: 'none' };
  if (typeof setting === 'string') return readLocation(setting, cwd);
  if (setting !== undefined && !isOwnStorage(setting))
    throw new BatonError('ConfigInvalid', `storage is ${STORAGES}`);
  if (setting !== undefined) {
    const isDriver = 'retrieve' in setting;
    const external = isDriver
      ? new ExternalStorage({ drivers: [setting], payloadSizeThreshold: THRESHOLDS.s3 })
      : setting;
    return { kind: 'own', external };
  }
  const configured = process.env['BATON_STORAGE'];
  return configured ? readLocation(configured) : { kind: 'folder', path: defaultFolder() };
}

/** Undefined where nothing is to be stored. @throws BatonError `ConfigInvalid` */
export function openStorage(choice: StorageChoice, namespaceIds: NamespaceIds): OpenStorage | undefined {
  if (choice.kind === 'none') return undefined;
  mendReferences();
  if (choice.kind === 'own') {
    const { external } = choice;
    const where = external.drivers.map(({ name }) => name).join(', ');
    return { external, where, check: () => Promise.resolve() };
  }
  const folder = new FolderDriver(choice.kind === 'folder' ? choice.path : defaultFolder(), namespaceIds);
  const s3 = choice.kind === 's3' ? new S3Driver(choice, namespaceIds) : undefined;
  const chosen = s3 ?? folder;
  const external = new ExternalStorage({
    // What was stored before the storage was changed can be read still, or says where it is.
    drivers: [folder, s3 ?? elsewhere(S3_DRIVER)],
    driverSelector: () => chosen,
    payloadSizeThreshold: THRESHOLDS[choice.kind],
  });
  return { external, where: locationText(choice), values: chosen, check: () => chosen.check() };
}

/** Stands for a storage that this process has not been told of. */
function elsewhere(name: string): StorageDriver {
  const fail = (bucket = '') =>
    Promise.reject(
      storageFailure(
        'StorageUnavailable',
        `the value is in the bucket ${bucket}, and this process has no storage there`,
      ),
    );
  return {
    name,
    type: 'none',
    store: () => fail(),
    retrieve: (_context, claims) => fail(claims[0]?.claimData.bucket),
  };
}
