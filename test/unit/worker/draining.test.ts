import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const source = (path: string) => fileURLToPath(new URL(`../../../src/${path}`, import.meta.url));
const SCRIPT = `
  const { Draining } = await import(${JSON.stringify(source('worker/draining.ts'))});
  const { untilAborted } = await import(${JSON.stringify(source('activities/until-aborted.ts'))});
  const { graceOver } = new Draining();
  const work = Array.from({ length: 30 }, (_, place) => untilAborted(graceOver, Promise.resolve(place)));
  console.log((await Promise.all(work)).length);
`;

describe('the end of the grace time', () => {
  // In a process of its own: Node's warnings do not reach the listeners of a test.
  it('is waited for by as many activities as are under way, which Node does not take for a leak', async () => {
    const node = ['--import', 'tsx', '--input-type=module', '--eval', SCRIPT];
    const { stdout, stderr } = await promisify(execFile)(process.execPath, node);
    expect(stderr).not.toContain('leak');
    expect(stdout.trim()).toBe('30');
  });
});
