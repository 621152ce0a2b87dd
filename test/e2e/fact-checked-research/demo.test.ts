import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inFolder } from '../../support/cli.js';
import { testServer } from '../../support/server.js';
import { baton } from '../cli/spawned.js';

const TIMEOUT_MS = 120_000;

/** Runs the example by the built command line, on the offline model, and gives what is printed as its result. */
async function resultOf(argv: string[], cwd: string): Promise<string> {
  const { address } = await testServer();
  const demo = baton(['demo', 'fact-checked-research', ...argv], { cwd, env: { TEMPORAL_ADDRESS: address } });
  const code = await demo.ended;
  const [, result = ''] = demo.output.split(/^Result {2}\(offline model\)$/m);
  if (code !== 0 || result === '') throw new Error(`it ended with ${code}:\n${demo.output}`);
  return result.replace(/\s+/g, ' ');
}

describe('baton demo fact-checked-research', () => {
  it(
    'answers from the articles of the example, and leaves out what does not hold',
    () =>
      inFolder(async (cwd) => {
        const [text = '', ...rest] = (await resultOf([], cwd)).split(' Sources ');
        expect(text).toContain('The tidal station of Orrisey has four turbines. [');
        expect(text).toContain(
          "The battery store at Tollhaven keeps the island's power up when the tide is slack. [",
        );
        const [, dropped = ''] = rest.join().split(' Left out ');
        // Out of date, and contradicted by another article.
        expect(text).not.toMatch(/six turbines|81 percent|95 percent/);
        expect(dropped).toContain('"tidal-station-plan-2019.md" is out of date');
        expect(dropped).toMatch(/81 percent .* contradicts what it cites.* 95 percent/);
      }),
    TIMEOUT_MS,
  );

  it(
    "answers a question of the user's own from the user's own folder",
    () =>
      inFolder(async (cwd) => {
        await mkdir(join(cwd, 'notes', 'boats'), { recursive: true });
        await writeFile(
          join(cwd, 'notes', 'boats', 'dinghy.md'),
          '# Dinghy\n\nThe dinghy takes five people.',
        );
        await writeFile(join(cwd, 'notes', 'shed.txt'), 'The shed is locked at night.');
        await writeFile(join(cwd, 'question.txt'), 'How many people does the dinghy take?');
        const result = await resultOf(['--data', 'notes', '--input', 'question.txt'], cwd);
        expect(result).toMatch(
          /^ The dinghy takes five people\. \[1\] Sources \[1\] Dinghy \(boats\/dinghy\.md\)/,
        );
      }),
    TIMEOUT_MS,
  );
});
