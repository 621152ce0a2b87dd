import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode } from '@temporalio/worker';
import { connect } from 'batonjs';
import { startScriptedModel, startTestServer } from 'batonjs/testing';
import { bundleWorkflows } from 'batonjs/worker';
import { median, round, type Benchmark } from '../benchmark.js';

const path = (file: string) => fileURLToPath(new URL(file, import.meta.url));

/**
 * From the start of a worker's process to its first model request and to the end of that turn, for a run that waits, with a
 * prebuilt bundle; and how much code is in the bundle.
 */
export const benchmark: Benchmark = async ({ runs, log }) => {
  const folder = await mkdtemp(join(tmpdir(), 'baton-bench-'));
  const bundles = {
    baton: await bundleWorkflows(path('./workflows.ts')),
    bare: await bundleWorkflowCode({ workflowsPath: path('./bare-workflows.ts') }),
  };
  const server = await startTestServer();
  const model = await startScriptedModel({ times: Infinity, reply: 'hello' });
  const times = { baton: [] as number[], bare: [] as number[] };
  const turnTimes = { baton: [] as number[], bare: [] as number[] };
  for (let run = 0; run <= runs; run++) {
    for (const contender of ['baton', 'bare'] as const) {
      const bundle = join(folder, `${contender}.js`);
      await writeFile(bundle, bundles[contender].code);
      const baton = await connect({ address: server.address, taskQueue: `start-${contender}` });
      const waiting = await baton.start(contender, 'Ada');
      const before = model.requests.length;
      const started = performance.now();
      const worker = spawn(
        process.execPath,
        [path('./worker.js'), contender, bundle, server.address, model.url],
        { stdio: 'ignore' },
      );
      while (model.requests.length === before) await new Promise((resolve) => setTimeout(resolve, 2));
      const took = performance.now() - started;
      await waiting.result();
      const turnTook = performance.now() - started;
      worker.kill();
      await once(worker, 'exit');
      await baton.close();
      log(`${contender}: ${Math.round(took)} ms, turn completed after ${Math.round(turnTook)} ms`);
      if (run === 0) continue; // the first start fills the disk's cache
      times[contender].push(took);
      turnTimes[contender].push(turnTook);
    }
  }
  await server.stop();
  await rm(folder, { recursive: true });
  const bytes = { baton: codeBytes(bundles.baton), bare: codeBytes(bundles.bare) };
  const rows = (['baton', 'bare'] as const).map((contender) => ({
    contender,
    startToFirstTaskMs: Math.round(median(times[contender])),
    startToFirstTurnMs: Math.round(median(turnTimes[contender])),
    bundleKB: Math.round(bytes[contender] / 1e3),
  }));
  return {
    rows,
    ratios: {
      start_vs_bare: round(median(times.baton) / median(times.bare)),
      first_turn_vs_bare: round(median(turnTimes.baton) / median(turnTimes.bare)),
      bundle_vs_bare: round(bytes.baton / bytes.bare),
    },
  };
};

/** Without the source map, which the bundler puts into the file. */
function codeBytes({ code }: { code: string }): number {
  return Buffer.byteLength(code.replace(/\/\/# sourceMappingURL=.*/g, ''));
}
