import { createHash, randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { access, mkdir, open, opendir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import {
  StorageDriverClaim,
  type Payload,
  type StorageDriver,
  type StorageDriverStoreContext,
} from '@temporalio/common';
import type { NamespaceIds } from './namespace-ids.js';
import { packPayload, unpackPayload } from './packed-payload.js';
import { reasonOf, storageFailure, unlessLost } from './storage-failure.js';
import type { StoredNamespace, StoredValue, StoredValues } from './stored-values.js';

export const FOLDER_DRIVER = 'baton.folder';

const KEY = /^v0\/ns\/[A-Za-z0-9._-]+\/sha256\/([0-9a-f]{64})$/;
/** What the names of files end with that are being written, or being removed. */
const WRITING = /^[0-9a-f]{64}\.[0-9a-f-]{36}\.tmp$/;
const REMOVING = /^([0-9a-f]{64})\.gc$/;

/**
 * Keeps payloads as files of a folder, named by the SHA-256 of what is in them. Every process that reads them needs the same
 * folder: the same machine, or one that is shared.
 */
export class FolderDriver implements StorageDriver, StoredValues {
  readonly name = FOLDER_DRIVER;
  readonly type = FOLDER_DRIVER;

  constructor(
    private readonly folder: string,
    private readonly namespaceIds: NamespaceIds,
  ) {}

  async store({ target }: StorageDriverStoreContext, payloads: Payload[]): Promise<StorageDriverClaim[]> {
    const id = await this.namespaceIds(target?.namespace);
    return Promise.all(payloads.map((payload) => this.write(id, packPayload(payload))));
  }

  retrieve(_context: unknown, claims: StorageDriverClaim[]): Promise<Payload[]> {
    return Promise.all(claims.map(async ({ claimData }) => unpackPayload(await this.load(claimData))));
  }

  /** @throws `StorageUnavailable` where the folder can be neither made nor written to */
  async check(): Promise<void> {
    try {
      await mkdir(this.folder, { recursive: true, mode: 0o700 });
      await access(this.folder, constants.R_OK | constants.W_OK);
    } catch (cause) {
      throw this.unavailable(cause);
    }
  }

  async *list({ id }: StoredNamespace): AsyncIterable<StoredValue> {
    const prefix = keyOf(id, '');
    const entries = await opendir(join(this.folder, prefix))
      .catch(unlessMissing)
      .catch((cause: unknown) => {
        throw this.unavailable(cause);
      });
    if (!entries) return;
    for await (const { name } of entries) {
      const key = prefix + name;
      // A collection that was broken off: the value is where it was again.
      const [, removing] = REMOVING.exec(name) ?? [];
      if (removing !== undefined) await this.putBack(prefix + removing);
      const found = removing === undefined ? key : prefix + removing;
      if (!KEY.test(found) && !WRITING.test(name)) continue;
      const info = await stat(join(this.folder, found)).catch(unlessMissing);
      if (info?.isFile()) yield { key: found, bytes: info.size, modified: info.mtimeMs };
    }
  }

  async read(key: string): Promise<Payload | undefined> {
    return unlessLost(async () => unpackPayload(await this.load({ key })));
  }

  /**
   * A value may be stored again while it is removed. So it is put aside first, and only then looked at: whoever stores it
   * afterwards finds no file and writes one, and whoever did so before has made it young.
   */
  async remove(key: string, _namespace: StoredNamespace, before: number): Promise<boolean> {
    const path = join(this.folder, key);
    const aside = `${path}.gc`;
    try {
      if ((await stat(path)).mtimeMs >= before) return false;
      await rename(path, aside);
      if ((await stat(aside)).mtimeMs >= before) {
        await rename(aside, path);
        return false;
      }
      await rm(aside);
      return true;
    } catch (error) {
      return unlessMissing(error) ?? false;
    }
  }

  private async write(id: string, bytes: Uint8Array): Promise<StorageDriverClaim> {
    const key = keyOf(id, createHash('sha256').update(bytes).digest('hex'));
    const path = join(this.folder, key);
    try {
      if (!(await touch(path)) || !(await holds(path, bytes))) await writeWhole(path, bytes);
    } catch (cause) {
      throw this.unavailable(cause);
    }
    // The machine is for people: whoever does not find the file should know where to look.
    return new StorageDriverClaim({ key, host: hostname() });
  }

  private async load({ key = '', host = 'another machine' }: Record<string, string>): Promise<Uint8Array> {
    const [, hash] = KEY.exec(key) ?? [];
    // A key comes from a history: it must not lead out of the folder.
    if (hash === undefined) throw storageFailure('StorageMissing', `"${key}" names no value of a folder`);
    const path = join(this.folder, key);
    let bytes: Uint8Array | undefined;
    try {
      bytes =
        (await readFile(path).catch(unlessMissing)) ?? (await readFile(`${path}.gc`).catch(unlessMissing));
    } catch (cause) {
      throw this.unavailable(cause);
    }
    if (!bytes)
      throw storageFailure(
        'StorageMissing',
        `${key} is not in the folder ${this.folder}; it was stored on ${host}`,
      );
    if (createHash('sha256').update(bytes).digest('hex') !== hash)
      throw storageFailure('StorageMissing', `${path} is damaged: it does not match its digest`);
    return bytes;
  }

  private unavailable(cause: unknown) {
    return storageFailure('StorageUnavailable', `the folder ${this.folder}: ${reasonOf(cause)}`, cause);
  }

  /** It takes the place of what was stored since, and so must be as young. */
  private async putBack(key: string): Promise<void> {
    const path = join(this.folder, key);
    if (await touch(`${path}.gc`)) await rename(`${path}.gc`, path).catch(unlessMissing);
  }
}

function keyOf(namespaceId: string, hash: string): string {
  return `v0/ns/${namespaceId}/sha256/${hash}`;
}

/** Makes a file young. @returns whether it is there */
async function touch(path: string): Promise<boolean> {
  const now = new Date();
  return utimes(path, now, now).then(
    () => true,
    (error: unknown) => unlessMissing(error) ?? false,
  );
}

/** Whether a file is what it should be, and was not damaged. */
async function holds(path: string, bytes: Uint8Array): Promise<boolean> {
  const found = await readFile(path).catch(unlessMissing);
  return found !== undefined && found.equals(bytes);
}

/** A reader sees the whole file or none. */
async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

function unlessMissing(error: unknown): undefined {
  // By its shape: where code runs in a context of its own, as in tests, errors of the system are of another one.
  if (typeof error !== 'object' || error === null || !('code' in error) || error.code !== 'ENOENT')
    throw error;
}
