import { fileURLToPath } from 'node:url';
import { bundleWorkflows } from '../../src/worker.js';

describe('bundleWorkflows', () => {
  it("joins Baton's modules, and leaves the names of a user's functions, by which Temporal knows workflows", async () => {
    const fixture = new URL('../workflow/fixtures/like-own-workflows.ts', import.meta.url);
    const { code } = await bundleWorkflows(fileURLToPath(fixture));
    const [own = ''] = code.split('//# sourceMappingURL=');
    expect(own).toMatch(/function settle\(input\)/);
    expect(own).toMatch(/function perform\(input\)/);
    // Each module that stands by itself is an entry of this kind; of some 120 a few do.
    expect(own.match(/^\/\*{3}\/ "\.\/src\/workflows\//gm)?.length).toBeLessThan(10);
  }, 120_000);
});
