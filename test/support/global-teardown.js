export default async function teardown() {
  await globalThis.batonTestServer?.stop();
}
