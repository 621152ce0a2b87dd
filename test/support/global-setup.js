// Plain JavaScript on the built package: Jest loads this file before its module mapping applies.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTestServer } from '../../dist/testing/index.js';

/** One Temporal dev server for all test files; each test uses task queues and workflow ids of its own. */
export default async function setup() {
  process.env.BATON_STORAGE ??= mkdtempSync(join(tmpdir(), 'baton-storage-'));
  if (process.env.BATON_TEST_ADDRESS) return;
  const server = await startTestServer();
  process.env.BATON_TEST_ADDRESS = server.address;
  globalThis.batonTestServer = server;
}
