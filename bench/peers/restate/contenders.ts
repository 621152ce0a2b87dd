import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { endWithThisProcess } from '../../../src/dev/child-lifetime.js';
import { freePort, LOOPBACK } from '../../../src/dev/free-port.js';
import type { Contender } from '../contender.js';
import { bytesOfFolder } from '../resident.js';

const READY_MS = 60_000;
const binary = fileURLToPath(
  new URL(
    `../node_modules/@restatedev/restate-server-${process.platform}-${process.arch}/bin/restate-server`,
    import.meta.url,
  ),
);

/** A single node with its own defaults, but for ports, telemetry and its folder. */
export const restate: Contender = {
  name: 'restate',
  packages: ['@restatedev/restate-sdk', '@restatedev/restate-server'],
  async setUp({ folder, modelUrl }) {
    if (!existsSync(binary)) throw new Error('its server has no binary for this machine');
    const own = join(folder, 'restate');
    await mkdir(own, { recursive: true });
    const [node, ingress, admin, endpoint] = [
      await freePort(),
      await freePort(),
      await freePort(),
      await freePort(),
    ];
    const ingressUrl = `http://${LOOPBACK}:${ingress}`;
    const adminUrl = `http://${LOOPBACK}:${admin}`;
    const log = openSync(join(own, 'log'), 'a');
    const server = spawn(binary, ['--no-logo', '--base-dir', join(own, 'data')], {
      env: {
        ...process.env,
        RESTATE_LISTEN_MODE: 'tcp',
        RESTATE_BIND_IP: LOOPBACK,
        RESTATE_BIND_PORT: String(node),
        RESTATE_ADVERTISED_HOST: LOOPBACK,
        RESTATE_INGRESS__BIND_PORT: String(ingress),
        RESTATE_ADMIN__BIND_PORT: String(admin),
        RESTATE_DISABLE_TELEMETRY: 'true',
        RESTATE_NODE_NAME: 'peers',
      },
      stdio: ['ignore', log, log],
    });
    endWithThisProcess(server);
    const exited = once(server, 'exit');
    await answers(`${adminUrl}/health`);
    await answers(`${ingressUrl}/restate/health`);
    let registered = false;
    return {
      worker: {
        module: new URL('./worker.ts', import.meta.url),
        env: { OPENAI_BASE_URL: modelUrl, ENDPOINT_PORT: String(endpoint), INGRESS_URL: ingressUrl },
      },
      async joined() {
        if (registered) return;
        const response = await fetch(`${adminUrl}/deployments`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ uri: `http://${LOOPBACK}:${endpoint}` }),
        });
        if (!response.ok) throw new Error(`Restate does not take the service: ${await response.text()}`);
        registered = true;
      },
      serverPids: [server.pid ?? 0],
      /** The log and the store of the partitions: what is in the one is in the other too, until the log is trimmed. */
      bytesStored: () => bytesOfFolder(join(own, 'data')),
      async tearDown() {
        server.kill('SIGKILL');
        await exited;
      },
    };
  },
};

async function answers(url: string): Promise<void> {
  const deadline = Date.now() + READY_MS;
  for (;;) {
    const response = await fetch(url).catch(() => undefined);
    if (response?.ok) return;
    if (Date.now() > deadline) throw new Error(`Restate does not answer at ${url}`);
    await sleep(100);
  }
}
