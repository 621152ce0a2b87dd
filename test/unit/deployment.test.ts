import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { serverConfig } from '../../scripts/postgres/server-config.js';
import { SERVER_VERSION } from '../../scripts/postgres/server-programs.js';
import { TUNED_SERVER_FLAGS } from '../../src/dev/temporal-server.js';

const root = join(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');

interface Service {
  image?: string;
  build?: string;
  command?: string[];
  environment?: Record<string, string | number>;
  depends_on?: string[] | Record<string, unknown>;
  volumes?: string[];
}

const compose = parse(read('docker-compose.yml')) as { services: Record<string, Service>; volumes: object };
const services = Object.entries(compose.services);

/** What a Baton container may be told: what the code reads, and Temporal's standard configuration. */
function isKnown(name: string): boolean {
  const sources = ['src', 'examples'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => read(join(folder, file))),
  );
  return (
    name === 'TEMPORAL_ADDRESS' ||
    sources.some((text) => text.includes(`env.${name}`) || text.includes(`'${name}'`))
  );
}

describe('docker-compose.yml', () => {
  it.each(services)('%s names a version of its image, and services and volumes that exist', (_, service) => {
    if (service.image) expect(service.image).toMatch(/:\d+\.\d+(\.\d+)?$/);
    else expect(service.build).toBe('.');
    const needs = Array.isArray(service.depends_on)
      ? service.depends_on
      : Object.keys(service.depends_on ?? {});
    for (const name of needs) expect(compose.services).toHaveProperty(name);
    for (const volume of service.volumes ?? []) {
      const [source = ''] = volume.split(':');
      if (source.startsWith('./')) expect(() => read(source)).not.toThrow();
      else expect(compose.volumes).toHaveProperty(source);
    }
  });

  it.each(services.filter(([, { build }]) => build))(
    '%s is told nothing that the code does not read',
    (_, service) => {
      const unknown = Object.keys(service.environment ?? {}).filter((name) => !isKnown(name));
      expect(unknown).toEqual([]);
    },
  );

  it("runs the Temporal version that the embedded server's CLI has", () => {
    // Version 1.5.1 of the CLI holds server 1.29.1 and UI 2.42.1, by its go.mod.
    expect(compose.services.temporal?.image).toBe('temporalio/auto-setup:1.29.1');
    expect(compose.services['temporal-ui']?.image).toBe('temporalio/ui:2.42.1');
    expect(compose.services.temporal?.image).toBe(`temporalio/auto-setup:${SERVER_VERSION}`);
  });

  it('says how many history shards the database gets, which no one can change later', () => {
    expect(compose.services.temporal?.environment?.NUM_HISTORY_SHARDS).toMatch(
      /^\$\{NUM_HISTORY_SHARDS:-\d+\}$/,
    );
  });
});

describe('deploy/dynamicconfig.yaml', () => {
  it('holds the dynamic configuration of the embedded server', () => {
    const shipped = parse(read('deploy/dynamicconfig.yaml')) as Record<string, { value: unknown }[]>;
    const flags = TUNED_SERVER_FLAGS.filter((_, i) => TUNED_SERVER_FLAGS[i - 1] === '--dynamic-config-value');
    const embedded = flags.map((flag) => flag.split('='));
    expect(Object.entries(shipped).map(([key, [entry]]) => [key, String(entry?.value)])).toEqual(embedded);
  });

  it('is what the native full server starts with', () => {
    const port = { grpcPort: 1, membershipPort: 2 };
    const ports = { frontend: port, matching: port, history: port, worker: port };
    const config = serverConfig({ postgres: { port: 3, password: '' }, historyShards: 4, ports });
    expect(config.dynamicConfigClient.filepath).toBe(join(root, 'deploy/dynamicconfig.yaml'));
  });
});
