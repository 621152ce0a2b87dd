import { fileURLToPath } from 'node:url';
import type { BundleOptions } from '@temporalio/worker';

type WebpackConfiguration = Parameters<NonNullable<BundleOptions['webpackConfigHook']>>[0];
type WebpackPlugin = Extract<NonNullable<WebpackConfiguration['plugins']>[number], { apply: unknown }>;

/** Where Baton's own workflow code is: built, or its sources. */
const OWN = fileURLToPath(new URL('../', import.meta.url));
const WAYS_IN = /[\\/]workflows[\\/](bundled|index|entry|interceptors-entry)\.[jt]s$/;

/**
 * Has the bundler join Baton's many small modules into one, as what stands around each of them in the bundle is half as long as
 * they are, and leave out those that nobody uses, and comments.
 */
export function joinModules(config: WebpackConfiguration): WebpackConfiguration {
  return {
    ...config,
    optimization: {
      ...config.optimization,
      concatenateModules: true,
      providedExports: true,
      usedExports: true,
      sideEffects: true,
    },
    module: {
      ...config.module,
      rules: [
        ...(config.module?.rules ?? []),
        ...withoutComments(config),
        { include: OWN, exclude: WAYS_IN, sideEffects: false },
        // Else what they re-export would be imported past them, and there would be many ways in.
        { include: OWN, test: WAYS_IN, sideEffects: true },
      ],
    },
    plugins: [...(config.plugins ?? []), leaveOthersApart],
  };
}

/** A rule for what is built; of sources the comments stay. By the loader that Temporal's bundler has for TypeScript. */
function withoutComments({ module }: WebpackConfiguration): { include: string; test: RegExp; use: object }[] {
  for (const rule of module?.rules ?? []) {
    if (!rule || typeof rule !== 'object' || typeof rule.use !== 'object' || !('loader' in rule.use))
      continue;
    const { loader } = rule.use;
    if (!loader?.includes('swc-loader')) continue;
    const minify = { compress: false, mangle: false, format: { comments: false } };
    const jsc = { target: 'es2022', parser: { syntax: 'ecmascript' }, minify };
    return [{ include: OWN, test: /\.js$/, use: { loader, options: { sourceMap: true, jsc } } }];
  }
  return [];
}

/** Joining may rename functions, and Temporal knows a user's workflow by its function's name. */
const leaveOthersApart: WebpackPlugin = {
  apply(compiler) {
    compiler.hooks.compilation.tap('batonjs', (compilation) => {
      compilation.hooks.succeedModule.tap('batonjs', (module) => {
        const own = module.nameForCondition()?.startsWith(OWN) === true;
        if (!own && module.buildInfo)
          module.buildInfo.moduleConcatenationBailout = 'code that is not of batonjs';
      });
    });
  },
};
