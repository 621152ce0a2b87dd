import { randomInt } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { isPortFree } from '../../src/dev/free-port.js';
import { SERVICES, type ServicePorts } from './server-config.js';

/**
 * The column in which the services of a server look up each other's membership ports is a signed 16-bit number in Postgres: a
 * server with a higher one ends at its start. The ports that Linux gives away begin above it.
 */
const LAST_PORT = 32_767;
const FIRST_PORT = 20_000;

export interface ServicePortsOptions {
  /** Of the frontend's gRPC; a free one by default. */
  port?: number | undefined;
  /** Keeps the ports: a server that comes back on others waits half a minute for the members it had. */
  file: string;
}

/** Ports for all services: those in the file where they are free, else free ones. Throws where `port` is in use. */
export async function servicePorts({ port, file }: ServicePortsOptions): Promise<ServicePorts> {
  if (port && !(await isPortFree(port))) throw new Error(`Port ${port} is in use.\nTry: another port.`);
  const kept = await keptPorts(file);
  const ports = kept ?? (await freePorts());
  if (port) ports.frontend.grpcPort = port;
  await writeFile(file, JSON.stringify(ports));
  return ports;
}

async function keptPorts(file: string): Promise<ServicePorts | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const ports = JSON.parse(text) as ServicePorts;
  const all = Object.values(ports).flatMap(({ grpcPort, membershipPort }) => [grpcPort, membershipPort]);
  const free = await Promise.all(all.map(isPortFree));
  return free.every(Boolean) ? ports : undefined;
}

async function freePorts(): Promise<ServicePorts> {
  const taken = new Set<number>();
  const next = async (): Promise<number> => {
    const candidate = randomInt(FIRST_PORT, LAST_PORT + 1);
    if (taken.has(candidate)) return next();
    taken.add(candidate);
    return (await isPortFree(candidate)) ? candidate : next();
  };
  const entries = SERVICES.map(
    async (service) => [service, { grpcPort: await next(), membershipPort: await next() }] as const,
  );
  return Object.fromEntries(await Promise.all(entries)) as ServicePorts;
}
