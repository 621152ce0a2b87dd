import importX from 'eslint-plugin-import-x';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import tseslint from 'typescript-eslint';

// The arrows of the architecture: what a folder may not import (README, "How it is built").
const zones = [
  { target: './src/agents', from: './src', except: ['./agents'] },
  { target: './src/workflows', from: './src', except: ['./workflows', './agents'] },
  {
    target: './src/activities',
    from: './src',
    except: ['./activities', './agents', './history', './storage', './trace'],
  },
  { target: './src/history', from: './src', except: ['./history', './agents', './storage'] },
  { target: './src/trace', from: './src', except: ['./trace', './agents'] },
  { target: './src/storage', from: './src', except: ['./storage', './agents'] },
  { target: './src/dev', from: './src', except: ['./dev', './agents'] },
  {
    target: './src/client.ts',
    from: './src',
    except: ['./agents', './trace', './workflows', './storage', './client', './history', './connection.ts'],
  },
  { target: './src/testing', from: './src/cli' },
  { target: './src/!(cli)/**', from: './src/cli' },
  { target: './src', from: './examples' },
];

export default tseslint.config(
  { ignores: ['dist', 'node_modules', 'examples/*/data', 'bench/peers', 'test/types'] },
  ...tseslint.configs.strict,
  {
    files: ['**/*.ts'],
    plugins: { 'import-x': importX },
    settings: { 'import-x/resolver-next': [createTypeScriptImportResolver()] },
    rules: {
      'import-x/no-cycle': 'error',
      'import-x/no-restricted-paths': ['error', { zones }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-invalid-void-type': 'off',
      'max-lines': ['warn', { max: 300 }],
    },
  },
  {
    // Workflow code runs in Temporal's sandbox: types only of zod-bearing contracts, nothing of Node.
    files: ['src/workflows/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: [
                'zod',
                'openai',
                'node:*',
                '@temporalio/client',
                '@temporalio/worker',
                '@temporalio/activity',
              ],
            },
          ],
        },
      ],
    },
  },
);
