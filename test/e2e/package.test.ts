import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startScriptedModel } from '../../src/testing/index.js';
import { testServer } from '../support/server.js';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');

/** The README's code blocks whose first line names their file. */
function filesOfReadme(): { name: string; text: string }[] {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const blocks = [...readme.matchAll(/```ts\n\/\/ ([\w.]+\.ts)\n([\s\S]*?)```/g)];
  return blocks.map(([, name = '', text = '']) => ({ name, text }));
}

describe('the package', () => {
  const folder = mkdtempSync(join(tmpdir(), 'baton-package-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("compiles and runs the README's code from its tarball, in a folder of its own", async () => {
    await run('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: root });
    const [tarball = ''] = readdirSync(folder);
    const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      devDependencies: Record<string, string>;
    };
    const { typescript, '@types/node': types } = devDependencies;
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module', private: true }));
    const tools = [`typescript@${typescript}`, `@types/node@${types}`];
    await run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', `./${tarball}`, ...tools], {
      cwd: folder,
    });

    const files = filesOfReadme();
    expect(files.map(({ name }) => name)).toEqual([
      'agents.ts',
      'workflows.ts',
      'worker.ts',
      'app.ts',
      'refund.check.ts',
    ]);
    for (const { name, text } of files) writeFileSync(join(folder, name), text);
    const compilerOptions = {
      module: 'nodenext',
      target: 'es2022',
      strict: true,
      skipLibCheck: true,
      types: ['node'],
    };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }));
    await run('npx', ['tsc'], { cwd: folder });

    const model = await startScriptedModel(
      { when: 'honest complaint', reply: { json: { ok: true } } },
      { when: '"item":"lamp"', reply: { json: { usd: 80, reason: 'broken' } } },
      {
        when: 'Decide the refund',
        reply: { calls: [{ tool: 'orders', args: { email: 'ada@example.com' } }] },
      },
    );
    const { address } = await testServer();
    const env = {
      ...process.env,
      NODE_OPTIONS: '',
      TEMPORAL_ADDRESS: address,
      OPENAI_BASE_URL: model.url,
      OPENAI_API_KEY: 'none',
    };
    const worker = spawn(process.execPath, ['worker.js'], { cwd: folder, env, stdio: 'ignore' });
    const app = await run(process.execPath, ['app.js'], { cwd: folder, env });
    worker.kill();
    expect(app.stdout).toContain("{ usd: 80, reason: 'broken' }");
    await model.stop();

    const check = await run(process.execPath, ['refund.check.js'], { cwd: folder, env });
    expect(check.stdout.trim().split('\n').at(-1)).toBe('ok');
  }, 300_000);
});
