// ESM throughout: run with NODE_OPTIONS=--experimental-vm-modules (see the "test" scripts).
/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'es6' } },
    ],
  },
  moduleNameMapper: {
    '^batonjs$': '<rootDir>/src/client.ts',
    '^batonjs/agents$': '<rootDir>/src/agents/index.ts',
    '^batonjs/workflow$': '<rootDir>/src/workflows/index.ts',
    '^batonjs/worker$': '<rootDir>/src/worker.ts',
    '^batonjs/testing$': '<rootDir>/src/testing/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  globalSetup: '<rootDir>/test/support/global-setup.js',
  globalTeardown: '<rootDir>/test/support/global-teardown.js',
  testTimeout: 60_000,
  // Tests wait more than they compute; by default Jest leaves one core free.
  maxWorkers: '100%',
  // Modules in Jest's own contexts are not freed: a worker that has grown begins anew.
  workerIdleMemoryLimit: '1GB',
};
