import { readLocation } from '../../../src/storage/storage-location.js';
import { readStorage } from '../../../src/storage/open-storage.js';
import { dataDir } from '../../../src/storage/data-dir.js';
import { BatonError } from '../../../src/agents/failures.js';

describe('readLocation', () => {
  it.each([
    ['none', { kind: 'none' }],
    ['kept', { kind: 'folder', path: '/project/kept' }],
    ['/kept', { kind: 'folder', path: '/kept' }],
    ['file:///kept%20here', { kind: 'folder', path: '/kept here' }],
    ['s3://bucket', { kind: 's3', bucket: 'bucket', prefix: '' }],
    ['s3://bucket/', { kind: 's3', bucket: 'bucket', prefix: '' }],
    ['s3://bucket/a/b', { kind: 's3', bucket: 'bucket', prefix: 'a/b/' }],
    [
      's3://bucket/a?endpoint=http://127.0.0.1:9000&region=eu-1',
      { kind: 's3', bucket: 'bucket', prefix: 'a/', endpoint: 'http://127.0.0.1:9000', region: 'eu-1' },
    ],
  ])('reads %s', (text, location) => {
    expect(readLocation(text, '/project')).toEqual(location);
  });

  it.each([
    ['', 'it is empty'],
    ['  ', 'it is empty'],
    ['gs://bucket', 'neither a folder'],
    ['https://bucket', 'neither a folder'],
    ['s3://', 'not of the form'],
    ['s3:bucket', 'not of the form'],
    ['s3://key:secret@bucket', 'not of the form'],
    ['s3://bucket?endpoint=nowhere', 'endpoint'],
    ['s3://bucket?endpoint=ftp://host', 'endpoint'],
    ['s3://bucket?regoin=eu', 'regoin'],
    ['file://elsewhere/kept', 'file:'],
  ])('refuses "%s"', (text, problem) => {
    const read = () => readLocation(text, '/project');
    expect(read).toThrow(BatonError);
    expect(read).toThrow(problem);
    expect(read).not.toThrow('secret');
  });
});

describe('readStorage', () => {
  const before = process.env.BATON_STORAGE;
  afterEach(() => {
    if (before === undefined) delete process.env.BATON_STORAGE;
    else process.env.BATON_STORAGE = before;
  });

  it('takes what is given, else the environment, else a folder of the user', () => {
    process.env.BATON_STORAGE = 's3://bucket';
    expect(readStorage('/given')).toEqual({ kind: 'folder', path: '/given' });
    expect(readStorage(false)).toEqual({ kind: 'none' });
    expect(readStorage(undefined)).toMatchObject({ kind: 's3', bucket: 'bucket' });
    process.env.BATON_STORAGE = '';
    expect(readStorage(undefined)).toEqual({ kind: 'folder', path: `${dataDir(process.env)}/storage` });
  });
});

describe('dataDir', () => {
  it.each([
    [{ HOME: '/home/eve' }, 'linux', '/home/eve/.local/share/baton'],
    [{ HOME: '/home/eve', XDG_DATA_HOME: '/data' }, 'linux', '/data/baton'],
    [{ HOME: '/Users/eve' }, 'darwin', '/Users/eve/Library/Application Support/baton'],
  ] as const)('is the place of %j on %s', (env, platform, folder) => {
    expect(dataDir(env, platform)).toBe(folder);
  });
});
