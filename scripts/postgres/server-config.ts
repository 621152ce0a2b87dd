import { join } from 'node:path';
import { LOOPBACK } from '../../src/dev/free-port.js';
import type { LocalPostgres } from './local-postgres.js';
import { DATABASES } from './server-schema.js';

/** The dynamic configuration that docker-compose.yml ships. */
const DYNAMIC_CONFIG = join(import.meta.dirname, '../../deploy/dynamicconfig.yaml');

/** Connections of a service to a database. All four services keep pools of their own. */
const MAIN_CONNECTIONS = 20;
const VISIBILITY_CONNECTIONS = 10;

/** For each service a port of its gRPC, and one by which services find each other. */
export const SERVICES = ['frontend', 'matching', 'history', 'worker'] as const;
export type ServicePorts = Record<(typeof SERVICES)[number], { grpcPort: number; membershipPort: number }>;

export interface ServerConfigOptions {
  postgres: Pick<LocalPostgres, 'port' | 'password'>;
  historyShards: number;
  ports: ServicePorts;
}

/** The static configuration of a server with all services in one process, as docker-compose.yml's image writes its own. */
export function serverConfig({ postgres, historyShards, ports }: ServerConfigOptions) {
  const store = (databaseName: string, connections: number) => ({
    sql: {
      pluginName: 'postgres12',
      databaseName,
      connectAddr: `${LOOPBACK}:${postgres.port}`,
      connectProtocol: 'tcp',
      user: 'postgres',
      password: postgres.password,
      maxConns: connections,
      maxIdleConns: connections,
      maxConnLifetime: '1h',
    },
  });
  return {
    log: { stdout: true, level: 'warn' },
    persistence: {
      defaultStore: 'main',
      visibilityStore: 'visibility',
      numHistoryShards: historyShards,
      datastores: {
        main: store(DATABASES.main, MAIN_CONNECTIONS),
        visibility: store(DATABASES.visibility, VISIBILITY_CONNECTIONS),
      },
    },
    global: { membership: { maxJoinDuration: '30s', broadcastAddress: LOOPBACK } },
    services: Object.fromEntries(
      SERVICES.map((service) => [service, { rpc: { ...ports[service], bindOnLocalHost: true } }]),
    ),
    clusterMetadata: {
      enableGlobalNamespace: false,
      failoverVersionIncrement: 10,
      masterClusterName: 'active',
      currentClusterName: 'active',
      clusterInformation: {
        active: {
          enabled: true,
          initialFailoverVersion: 1,
          rpcName: 'frontend',
          rpcAddress: `${LOOPBACK}:${ports.frontend.grpcPort}`,
        },
      },
    },
    dcRedirectionPolicy: { policy: 'noop' },
    dynamicConfigClient: { filepath: DYNAMIC_CONFIG, pollInterval: '10s' },
  };
}
