import type * as S3 from '@aws-sdk/client-s3';
import type { S3StorageDriverClient, S3RequestOptions } from '@temporalio/external-storage-s3';
import type { NamespaceIds } from './namespace-ids.js';
import type { S3Location } from './storage-location.js';
import { storageFailure } from './storage-failure.js';
import type { StoredNamespace, StoredValue, StoredValues } from './stored-values.js';

type Sdk = typeof S3;

/** Metadata of an object: id of the namespace whose values it is one of. */
const NAMESPACE = 'baton-namespace';
/**
 * An object that was stored longer ago is stored again, by which it is young: who collects garbage must not take it for
 * something that nobody will refer to any more.
 */
const TRUSTED_FOR = 10 * 60_000;

/** The objects of a bucket below a prefix, for Temporal's S3 driver and for the collection of garbage. */
export class S3Objects implements S3StorageDriverClient, Omit<StoredValues, 'read'> {
  private readonly client: S3.S3Client;

  constructor(
    private readonly sdk: Sdk,
    private readonly location: S3Location,
    private readonly namespaceIds: NamespaceIds,
  ) {
    this.client = new sdk.S3Client(settingsOf(location));
  }

  describe(): Record<string, string> {
    const { endpoint, prefix } = this.location;
    return { prefix, ...(endpoint === undefined ? {} : { endpoint }) };
  }

  async putObject(bucket: string, key: string, data: Uint8Array, options?: S3RequestOptions): Promise<void> {
    const namespace = await this.namespaceIds(namespaceOf(key));
    const { prefix } = this.location;
    const object = { Bucket: bucket, Key: prefix + key, Body: data, Metadata: { [NAMESPACE]: namespace } };
    await this.client.send(new this.sdk.PutObjectCommand(object), options);
  }

  async objectExists(bucket: string, key: string, options?: S3RequestOptions): Promise<boolean> {
    const head = await this.head(bucket, key, options);
    return (head?.LastModified?.getTime() ?? 0) > Date.now() - TRUSTED_FOR;
  }

  async getObject(bucket: string, key: string, options?: S3RequestOptions): Promise<Uint8Array> {
    const place = { Bucket: bucket, Key: this.location.prefix + key };
    try {
      const { Body } = await this.client.send(new this.sdk.GetObjectCommand(place), options);
      return (await Body?.transformToByteArray()) ?? new Uint8Array();
    } catch (cause) {
      if (!isMissing(cause)) throw cause;
      throw storageFailure('StorageMissing', `s3://${bucket}/${place.Key} is not there`, cause);
    }
  }

  /** @throws where the bucket cannot be read */
  async check(): Promise<void> {
    const { bucket: Bucket, prefix: Prefix } = this.location;
    await this.client.send(new this.sdk.ListObjectsV2Command({ Bucket, Prefix, MaxKeys: 1 }));
  }

  async *list({ name }: StoredNamespace): AsyncIterable<StoredValue> {
    const { bucket: Bucket, prefix } = this.location;
    const Prefix = `${prefix}v0/ns/${encodeURIComponent(name).replace(/~/g, '%7E')}/`;
    for await (const page of this.sdk.paginateListObjectsV2({ client: this.client }, { Bucket, Prefix })) {
      for (const { Key = '', Size = 0, LastModified } of page.Contents ?? []) {
        if (!/\/sha256\/[0-9a-f]{64}$/.test(Key) || !LastModified) continue;
        yield { key: Key.slice(prefix.length), bytes: Size, modified: LastModified.getTime() };
      }
    }
  }

  async remove(key: string, { id }: StoredNamespace, before: number): Promise<boolean> {
    const { bucket, prefix } = this.location;
    const head = await this.head(bucket, key);
    // Of another server whose namespace has the same name, or of somebody else.
    if (head?.Metadata?.[NAMESPACE] !== id) return false;
    if ((head.LastModified?.getTime() ?? Infinity) >= before) return false;
    await this.client.send(new this.sdk.DeleteObjectCommand({ Bucket: bucket, Key: prefix + key }));
    return true;
  }

  private async head(bucket: string, key: string, options?: S3RequestOptions) {
    const place = { Bucket: bucket, Key: this.location.prefix + key };
    try {
      return await this.client.send(new this.sdk.HeadObjectCommand(place), options);
    } catch (error) {
      if (!isMissing(error)) throw error;
      return undefined;
    }
  }
}

function settingsOf({ endpoint, region }: S3Location) {
  if (endpoint === undefined) return region === undefined ? {} : { region };
  return {
    endpoint,
    // Servers that only speak S3 mostly have neither regions, nor buckets as host names, nor newer checksums.
    region: region ?? process.env['AWS_REGION'] ?? 'us-east-1',
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED' as const,
    responseChecksumValidation: 'WHEN_REQUIRED' as const,
  };
}

/** The namespace's name in a key of Temporal's driver. */
function namespaceOf(key: string): string | undefined {
  const [, name] = /^v0\/ns\/([^/]+)\//.exec(key) ?? [];
  return name === undefined ? undefined : decodeURIComponent(name);
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && ['NoSuchKey', 'NotFound'].includes(error.name);
}
