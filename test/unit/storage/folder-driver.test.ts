import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultPayloadConverter, type Payload, type StorageDriverClaim } from '@temporalio/common';
import { FolderDriver } from '../../../src/storage/folder-driver.js';
import type { StoredValue } from '../../../src/storage/stored-values.js';

const NAMESPACE = { name: 'default', id: 'the-id' };
const TARGET = { target: { kind: 'workflow' as const, namespace: 'default' } };

function open(folder = mkdtempSync(join(tmpdir(), 'baton-folder-'))) {
  const driver = new FolderDriver(folder, () => Promise.resolve(NAMESPACE.id));
  const store = async (value: unknown): Promise<StorageDriverClaim> => {
    const [claim] = await driver.store(TARGET, [defaultPayloadConverter.toPayload(value) as Payload]);
    if (!claim) throw new Error('nothing was stored');
    return claim;
  };
  const load = async (claim: StorageDriverClaim) => {
    const [payload] = await driver.retrieve({}, [claim]);
    return defaultPayloadConverter.fromPayload(payload as Payload);
  };
  const list = async () => {
    const values: StoredValue[] = [];
    for await (const value of driver.list(NAMESPACE)) values.push(value);
    return values;
  };
  const keyOf = ({ claimData: { key = '' } }: StorageDriverClaim) => key;
  const pathOf = (claim: StorageDriverClaim) => join(folder, keyOf(claim));
  return { folder, driver, store, load, list, keyOf, pathOf };
}

const age = (path: string) => utimesSync(path, 1_000, 1_000);
const LATER = 2_000_000;

describe('FolderDriver', () => {
  it('gives back what it was given: JSON, bytes and nothing', async () => {
    const { store, load } = open();
    for (const value of [{ a: ['ä\n', 1] }, 'x'.repeat(3_000_000), null, undefined])
      expect(await load(await store(value))).toEqual(value);
    const bytes = new Uint8Array([0, 10, 255, 10]);
    expect(Buffer.from((await load(await store(bytes))) as Uint8Array)).toEqual(Buffer.from(bytes));
  });

  it('keeps equal values once, for their owner only', async () => {
    const { store, list, pathOf } = open();
    const claims = await Promise.all([store('same'), store('same'), store('same')]);
    expect(new Set(claims.map(({ claimData }) => claimData.key)).size).toBe(1);
    expect(await list()).toHaveLength(1);
    const [claim] = claims;
    expect(statSync(pathOf(claim as StorageDriverClaim)).mode & 0o077).toBe(0);
  });

  it('finds what is damaged, gone, or not its own', async () => {
    const { folder, store, load, pathOf } = open();
    const claim = await store('value');
    writeFileSync(pathOf(claim), readFileSync(pathOf(claim), 'utf8').replace('value', 'other'));
    await expect(load(claim)).rejects.toMatchObject({
      type: 'StorageMissing',
      message: expect.stringContaining('damaged'),
    });
    renameSync(pathOf(claim), join(folder, 'away'));
    await expect(load(claim)).rejects.toMatchObject({
      type: 'StorageMissing',
      message: expect.stringContaining('it was stored on'),
    });
    for (const key of ['../../etc/passwd', 'v0/ns/../../sha256/x', undefined])
      await expect(load({ claimData: key === undefined ? {} : { key } })).rejects.toMatchObject({
        type: 'StorageMissing',
      });
  });

  it('removes what is old, and neither what is young nor what is stored again meanwhile', async () => {
    const { driver, store, load, keyOf, pathOf } = open();
    const [old, young, again] = [await store('old'), await store('young'), await store('again')];
    age(pathOf(old));
    age(pathOf(again));
    await store('again');
    expect(await driver.remove(keyOf(old), NAMESPACE, LATER)).toBe(true);
    expect(await driver.remove(keyOf(young), NAMESPACE, LATER)).toBe(false);
    expect(await driver.remove(keyOf(again), NAMESPACE, LATER)).toBe(false);
    expect(await driver.remove(keyOf(old), NAMESPACE, LATER)).toBe(false);
    await expect(load(old)).rejects.toMatchObject({ type: 'StorageMissing' });
    expect([await load(young), await load(again)]).toEqual(['young', 'again']);
  });

  it('never loses a value that is stored while it is removed', async () => {
    const { driver, store, load, keyOf, pathOf } = open();
    for (let i = 0; i < 200; i++) {
      const claim = await store(`value ${i}`);
      age(pathOf(claim));
      await Promise.all([driver.remove(keyOf(claim), NAMESPACE, LATER), store(`value ${i}`)]);
      expect(await load(claim)).toBe(`value ${i}`);
    }
  });

  it('has back what a removal that was broken off had put aside', async () => {
    const { store, load, list, pathOf, keyOf } = open();
    const claim = await store('value');
    renameSync(pathOf(claim), `${pathOf(claim)}.gc`);
    expect(await load(claim)).toBe('value');
    expect((await list()).map(({ key }) => key)).toEqual([keyOf(claim)]);
    expect(await load(claim)).toBe('value');
  });

  it('leaves young what was stored again after such a removal', async () => {
    const { driver, store, load, list, pathOf, keyOf } = open();
    const claim = await store('value');
    age(pathOf(claim));
    renameSync(pathOf(claim), `${pathOf(claim)}.gc`);
    await store('value');
    for (const { key } of await list()) expect(await driver.remove(key, NAMESPACE, LATER)).toBe(false);
    expect(await load(claim)).toBe('value');
    expect((await list()).map(({ key }) => key)).toEqual([keyOf(claim)]);
  });

  it('mends a damaged value that is stored again', async () => {
    const { store, load, pathOf } = open();
    const claim = await store('value');
    for (const damaged of ['', readFileSync(pathOf(claim), 'utf8').replace('value', 'other')]) {
      writeFileSync(pathOf(claim), damaged);
      await store('value');
      expect(await load(claim)).toBe('value');
    }
  });

  it('lists what was begun to be written, and nothing of others', async () => {
    const { folder, store, list, pathOf } = open();
    const claim = await store('value');
    const place = join(pathOf(claim), '..');
    writeFileSync(join(place, 'notes.txt'), 'mine');
    writeFileSync(join(folder, 'notes.txt'), 'mine');
    writeFileSync(`${pathOf(claim)}.0b5fd9b5-9b0c-4ee6-8f2a-6a8f3f4c6b7d.tmp`, 'half');
    expect((await list()).map(({ key }) => key.split('.')[1] ?? 'whole').sort()).toEqual([
      '0b5fd9b5-9b0c-4ee6-8f2a-6a8f3f4c6b7d',
      'whole',
    ]);
    expect(readdirSync(place)).toContain('notes.txt');
    expect(await open().list()).toEqual([]);
  });
});
