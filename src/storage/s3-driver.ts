import { createRequire } from 'node:module';
import {
  ApplicationFailure,
  type Payload,
  type StorageDriver,
  type StorageDriverClaim,
  type StorageDriverRetrieveContext,
  type StorageDriverStoreContext,
} from '@temporalio/common';
import { BatonError } from '../agents/failures.js';
import type { NamespaceIds } from './namespace-ids.js';
import type { S3Objects } from './s3-objects.js';
import { reasonOf, storageFailure, unlessLost } from './storage-failure.js';
import { locationText, type S3Location } from './storage-location.js';
import type { StoredNamespace, StoredValue, StoredValues } from './stored-values.js';

/** The name that Temporal's SDKs of all languages give the driver. */
export const S3_DRIVER = 'aws.s3driver';

/** Optional: only those who keep values in S3 need them. */
const PACKAGES = ['@aws-sdk/client-s3', '@temporalio/external-storage-s3'];

interface Opened {
  objects: S3Objects;
  driver: StorageDriver;
}

/** Temporal's S3 driver on the AWS SDK, loaded when it is first used, with failures of the table. */
export class S3Driver implements StorageDriver, StoredValues {
  readonly name = S3_DRIVER;
  readonly type = S3_DRIVER;
  private opened: Promise<Opened> | undefined;

  /** @throws BatonError `ConfigInvalid` where the packages are not installed */
  constructor(
    private readonly location: S3Location,
    private readonly namespaceIds: NamespaceIds,
  ) {
    const { resolve } = createRequire(import.meta.url);
    for (const name of PACKAGES) {
      try {
        resolve(name);
      } catch (cause) {
        const advice = `npm install ${PACKAGES.join(' ')}`;
        throw new BatonError('ConfigInvalid', `storage in S3 needs the package ${name}: ${advice}`, {
          cause,
        });
      }
    }
  }

  store(context: StorageDriverStoreContext, payloads: Payload[]): Promise<StorageDriverClaim[]> {
    return this.named(({ driver }) => driver.store(context, payloads));
  }

  retrieve(context: StorageDriverRetrieveContext, claims: StorageDriverClaim[]): Promise<Payload[]> {
    return this.named(({ driver }) => driver.retrieve(context, claims));
  }

  /** @throws where the bucket cannot be read */
  check(): Promise<void> {
    return this.named(({ objects }) => objects.check());
  }

  async *list(namespace: StoredNamespace): AsyncIterable<StoredValue> {
    yield* (await this.open()).objects.list(namespace);
  }

  read(key: string): Promise<Payload | undefined> {
    const hashValue = key.slice(key.lastIndexOf('/') + 1);
    const claimData = { bucket: this.location.bucket, key, hashAlgorithm: 'sha256', hashValue };
    return unlessLost(async () => (await this.retrieve({}, [{ claimData }]))[0]);
  }

  remove(key: string, namespace: StoredNamespace, before: number): Promise<boolean> {
    return this.named(({ objects }) => objects.remove(key, namespace, before));
  }

  private open(): Promise<Opened> {
    this.opened ??= this.load();
    return this.opened;
  }

  private async load(): Promise<Opened> {
    const [sdk, { S3StorageDriver }, { S3Objects }] = await Promise.all([
      import('@aws-sdk/client-s3'),
      import('@temporalio/external-storage-s3'),
      import('./s3-objects.js'),
    ]);
    const objects = new S3Objects(sdk, this.location, this.namespaceIds);
    return { objects, driver: new S3StorageDriver({ client: objects, bucket: this.location.bucket }) };
  }

  private async named<T>(work: (opened: Opened) => Promise<T>): Promise<T> {
    try {
      return await work(await this.open());
    } catch (error) {
      throw failureOf(error, this.location);
    }
  }
}

/** The driver puts what failed into an error of its own. */
function failureOf(error: unknown, location: S3Location): ApplicationFailure {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (cause instanceof ApplicationFailure) return cause;
  const reason = `${locationText(location)}: ${reasonOf(error)}`;
  if (error instanceof Error && /integrity check failed|claim is missing/.test(error.message))
    return storageFailure('StorageMissing', reason, error);
  return storageFailure(
    'StorageUnavailable',
    cause === error ? reason : `${reason}: ${reasonOf(cause)}`,
    cause,
  );
}
