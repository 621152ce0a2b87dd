import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findProject, loadDefinitions, requireProject } from '../../../src/cli/project.js';
import { inFolder } from '../../support/cli.js';

async function write(folder: string, files: Record<string, string>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(folder, name, '..'), { recursive: true });
    await writeFile(join(folder, name), text);
  }
}

describe('findProject', () => {
  it('takes agents and workflows of a folder without a configuration', () =>
    inFolder(async (cwd) => {
      await write(cwd, { 'agents.mjs': '', 'workflows.mjs': '' });
      expect(await findProject({ cwd })).toEqual({
        folder: cwd,
        agents: join(cwd, 'agents.mjs'),
        workflows: join(cwd, 'workflows.mjs'),
      });
    }));

  it('finds nothing where there is neither', () =>
    inFolder(async (cwd) => {
      await write(cwd, { 'agents.mjs': '' });
      expect(await findProject({ cwd })).toBeUndefined();
      await expect(requireProject({ cwd })).rejects.toMatchObject({ code: 'ConfigInvalid' });
    }));

  it('reads paths relative to the configuration, and flags before them, relative to the current folder', () =>
    inFolder(async (cwd) => {
      await write(cwd, {
        'app/baton.config.mjs': `export default { agents: './src/a.mjs', taskQueue: 'app', models: { m: { model: 'gpt' } } }`,
      });
      const found = await findProject({ cwd, config: 'app/baton.config.mjs', workflows: 'w.mjs' });
      expect(found).toEqual({
        folder: join(cwd, 'app'),
        file: join(cwd, 'app/baton.config.mjs'),
        agents: join(cwd, 'app/src/a.mjs'),
        workflows: join(cwd, 'w.mjs'),
        models: { m: { model: 'gpt' } },
        taskQueue: 'app',
      });
    }));

  it.each([
    ['export default { taskQueu: "x" }', /baton\.config\.mjs:[^]*Unrecognized key: "taskQueu"/],
    ['export default { models: { m: {} } }', /models\.m\.model/],
    ['export const agents = 1', /has no default export/],
    ['throw new Error("boom")', /baton\.config\.mjs cannot be loaded: boom/],
  ])('says what is wrong with %s', (text, said) =>
    inFolder(async (cwd) => {
      await write(cwd, { 'baton.config.mjs': text });
      const finding = findProject({ cwd });
      await expect(finding).rejects.toMatchObject({ code: 'ConfigInvalid' });
      await expect(finding).rejects.toThrow(said);
    }),
  );
});

describe('loadDefinitions', () => {
  it('loads what the modules export, of activities the functions', () =>
    inFolder(async (cwd) => {
      await write(cwd, {
        'baton.config.mjs': `export default { activities: './activities.mjs' }`,
        'agents.mjs': 'export const clerk = 1',
        'workflows.mjs': 'throw new Error("workflows are bundled, not loaded")',
        'activities.mjs': 'export const limit = 5; export function pay() {}',
      });
      const definitions = await loadDefinitions(await requireProject({ cwd }));
      expect(definitions.agents).toMatchObject({ clerk: 1 });
      expect(Object.keys(definitions.activities ?? {})).toEqual(['pay']);
    }));

  it('names a file that is missing', () =>
    inFolder(async (cwd) => {
      await write(cwd, { 'baton.config.mjs': `export default { agents: './nowhere.mjs' }` });
      await expect(loadDefinitions(await requireProject({ cwd }))).rejects.toThrow(
        'nowhere.mjs is not there',
      );
    }));
});
