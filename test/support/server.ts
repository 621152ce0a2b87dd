import { startTestServer, type TestServer } from '../../src/testing/test-server.js';

let server: Promise<TestServer> | undefined;

/** The Temporal server of the test run. */
export function testServer(): Promise<TestServer> {
  const address = process.env.BATON_TEST_ADDRESS;
  if (address === undefined) throw new Error('no Temporal server: run the tests by npm test');
  server ??= startTestServer({ address });
  return server;
}

afterAll(async () => {
  await (await server)?.stop();
  server = undefined;
});
