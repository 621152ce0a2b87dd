import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger, type WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { BatonPlugin } from '../../src/worker.js';

const SOURCES = {
  'batonjs/workflow$': fileURLToPath(new URL('../../src/workflows/index.ts', import.meta.url)),
};

/**
 * Bundles orchestrations that import `batonjs/workflow` by name, as an application's do. The name would lead to the built
 * package, of which the plugin of the sources knows nothing; here it leads to the sources.
 */
export function bundleFromSources(workflows: string): Promise<WorkflowBundleWithSourceMap> {
  return bundleWorkflowCode({
    workflowsPath: workflows,
    logger: new DefaultLogger('WARN'),
    plugins: [new BatonPlugin({ agents: {} })],
    webpackConfigHook: (config) => ({
      ...config,
      resolve: { ...config.resolve, alias: { ...config.resolve?.alias, ...SOURCES } },
    }),
  });
}
