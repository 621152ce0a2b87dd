import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { cacheDir } from '../../../src/dev/cache-dir.js';
import {
  findTemporalBinary,
  installTemporalBinary,
  lookForTemporalBinary,
  temporalVersion,
} from '../../../src/dev/temporal-binary.js';

const folder = mkdtempSync(join(tmpdir(), 'baton-binary-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let count = 0;
/** A machine of its own: an empty cache, and a PATH with what is put on it and the system's tools. */
function machine(programs: Record<string, string> = {}): {
  env: NodeJS.ProcessEnv;
  cached: string;
  bin: string;
} {
  const home = join(folder, String((count += 1)));
  const bin = join(home, 'programs');
  mkdirSync(bin, { recursive: true });
  for (const [name, script] of Object.entries(programs)) program(join(bin, name), script);
  return {
    env: { BATON_CACHE_DIR: join(home, 'cache'), PATH: [bin, '/usr/bin', '/bin'].join(delimiter) },
    cached: join(home, 'cache', 'bin', 'temporal'),
    bin,
  };
}

function program(path: string, script: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
}

const TEMPORAL = 'echo temporal version 9.9.9';
/** Stands in for Go: writes down how it was called and "builds" a program. */
const GO = `
echo "$@ in $GOBIN os=$GOOS" >> "$BATON_CACHE_DIR/calls"
echo compiling >&2
sleep 0.3
printf '#!/bin/sh\\n${TEMPORAL}\\n' > "$GOBIN/temporal"`;

function callsOf(env: NodeJS.ProcessEnv): string[] {
  const path = join(env['BATON_CACHE_DIR'] ?? '', 'calls');
  return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : [];
}

describe('findTemporalBinary', () => {
  it('takes BATON_TEMPORAL_BIN before all else', async () => {
    const { env, bin } = machine({ temporal: TEMPORAL, mine: TEMPORAL });
    const path = join(bin, 'mine');
    expect(await findTemporalBinary({ env: { ...env, BATON_TEMPORAL_BIN: path } })).toEqual({
      path,
      source: 'env',
    });
  });

  it('says what is wrong with BATON_TEMPORAL_BIN', async () => {
    const { env, bin } = machine({ temporal: TEMPORAL });
    for (const path of [join(bin, 'absent'), bin]) {
      await expect(findTemporalBinary({ env: { ...env, BATON_TEMPORAL_BIN: path } })).rejects.toMatchObject({
        code: 'TemporalBinaryMissing',
        message: `BATON_TEMPORAL_BIN is ${path}, which is not an executable file.`,
      });
    }
  });

  it('takes the one on the PATH, then the one in the cache', async () => {
    const { env, cached, bin } = machine({ temporal: TEMPORAL });
    program(cached, TEMPORAL);
    expect(await findTemporalBinary({ env })).toEqual({ path: join(bin, 'temporal'), source: 'path' });
    rmSync(join(bin, 'temporal'));
    expect(await findTemporalBinary({ env })).toEqual({ path: cached, source: 'cache' });
  });

  it('builds the pinned module with Go and keeps it', async () => {
    const { env, cached } = machine({ go: GO });
    const heard: string[] = [];
    const options = {
      env: { ...env, GOOS: 'plan9' },
      downloadStallMs: 0,
      onProgress: (line: string) => heard.push(line),
    };
    expect(await findTemporalBinary(options)).toEqual({ path: cached, source: 'built' });
    expect(await temporalVersion(cached)).toBe('temporal version 9.9.9');
    expect(callsOf(env)).toEqual([
      expect.stringMatching(
        /^install -v github\.com\/temporalio\/cli\/cmd\/temporal@v1\.5\.1 in .*\.installing-.* os=$/,
      ),
    ]);
    expect(heard.join('\n')).toMatch(/Building the Temporal CLI with Go[^]*Built the Temporal CLI in \d+ s/);
    expect(await findTemporalBinary(options)).toEqual({ path: cached, source: 'cache' });
    expect(readdirSync(dirname(cached))).toEqual(['temporal']);
  });

  it('goes on to the build when the download brings nothing in time', async () => {
    const { env, cached } = machine({ go: GO });
    const heard: string[] = [];
    const found = await findTemporalBinary({
      env,
      downloadStallMs: 1,
      onProgress: (line) => heard.push(line),
    });
    expect(found).toEqual({ path: cached, source: 'built' });
    expect(heard).toContain('No Temporal CLI by download: nothing arrived for 0.001 s');
  });

  it('builds once when two processes ask at once', async () => {
    const { env, cached } = machine({ go: GO });
    const found = await Promise.all([1, 2, 3].map(() => findTemporalBinary({ env, downloadStallMs: 0 })));
    expect(found.map(({ source }) => source).sort()).toEqual(['built', 'cache', 'cache']);
    expect(found.every(({ path }) => path === cached)).toBe(true);
    expect(callsOf(env)).toHaveLength(1);
  });

  it('takes over from a process that was killed while it installed', async () => {
    const { env, cached } = machine({ go: GO });
    const left = join(dirname(cached), '.installing-left');
    mkdirSync(left, { recursive: true });
    utimesSync(left, new Date(0), new Date(0));
    writeFileSync(`${cached}.lock`, '999999999');
    expect((await findTemporalBinary({ env, downloadStallMs: 0 })).source).toBe('built');
    expect(readdirSync(dirname(cached))).toEqual(['temporal']);
  });

  it('leaves nothing in the cache when a build fails, and says what to do', async () => {
    const { env, cached } = machine({ go: 'echo no such module >&2; exit 1' });
    await expect(findTemporalBinary({ env, downloadStallMs: 0 })).rejects.toMatchObject({
      code: 'TemporalBinaryUnavailable',
      message: expect.stringContaining('go install ended with 1: no such module'),
      fix: expect.stringMatching(/Temporal CLI.*Go.*BATON_TEMPORAL_BIN.*TEMPORAL_ADDRESS/s),
    });
    expect(readdirSync(dirname(cached))).toEqual([]);
  });

  it('does not keep a program that does not run', async () => {
    const { env, cached } = machine({ go: `printf '#!/bin/sh\\nexit 3\\n' > "$GOBIN/temporal"` });
    await expect(findTemporalBinary({ env, downloadStallMs: 0 })).rejects.toMatchObject({
      code: 'TemporalBinaryUnavailable',
    });
    expect(existsSync(cached)).toBe(false);
  });

  it('fails clearly where there is no Go either', async () => {
    const { env, bin } = machine();
    await expect(
      findTemporalBinary({ env: { ...env, PATH: bin }, downloadStallMs: 0 }),
    ).rejects.toMatchObject({
      message: expect.stringContaining('there is no go on the PATH'),
    });
  });

  it('stops a build when told to', async () => {
    const { env, cached } = machine({ go: 'sleep 20' });
    const started = Date.now();
    const signal = AbortSignal.timeout(200);
    await expect(findTemporalBinary({ env, downloadStallMs: 0, signal })).rejects.toMatchObject({
      name: 'TimeoutError',
    });
    expect(Date.now() - started).toBeLessThan(5_000);
    expect(readdirSync(dirname(cached))).toEqual([]);
  });
});

describe('installTemporalBinary', () => {
  it('does not look at the PATH', async () => {
    const { env, cached } = machine({ temporal: TEMPORAL, go: GO });
    expect(await installTemporalBinary({ env, downloadStallMs: 0 })).toEqual({
      path: cached,
      source: 'built',
    });
    expect(await installTemporalBinary({ env, downloadStallMs: 0 })).toEqual({
      path: cached,
      source: 'cache',
    });
  });
});

describe('lookForTemporalBinary', () => {
  it('installs nothing', async () => {
    const { env } = machine({ go: GO });
    expect(await lookForTemporalBinary({ env })).toBeUndefined();
    expect(callsOf(env)).toEqual([]);
  });
});

describe('cacheDir', () => {
  it("follows BATON_CACHE_DIR, XDG_CACHE_HOME and the platform's custom, in this order", () => {
    const env = { BATON_CACHE_DIR: '/c', XDG_CACHE_HOME: '/x', HOME: '/home/me', LOCALAPPDATA: '/local' };
    expect(cacheDir(env, 'linux')).toBe('/c');
    expect(cacheDir({ ...env, BATON_CACHE_DIR: '' }, 'linux')).toBe(join('/x', 'baton'));
    const plain = { HOME: '/home/me', LOCALAPPDATA: '/local' };
    expect(cacheDir(plain, 'linux')).toBe(join('/home/me', '.cache', 'baton'));
    expect(cacheDir(plain, 'darwin')).toBe(join('/home/me', 'Library', 'Caches', 'baton'));
    expect(cacheDir(plain, 'win32')).toBe(join('/local', 'baton'));
  });
});
