// Plain JavaScript on the built package: Jest loads this file before its module mapping applies.
import { startTestServer } from '../../dist/testing/index.js';

/** One Temporal dev server for all test files; each test uses task queues and workflow ids of its own. */
export default async function setup() {
  if (process.env.BATON_TEST_ADDRESS) return;
  const server = await startTestServer();
  process.env.BATON_TEST_ADDRESS = server.address;
  globalThis.batonTestServer = server;
}
