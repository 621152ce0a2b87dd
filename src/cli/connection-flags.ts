import type { Command } from 'commander';
import { Connection } from '@temporalio/client';
import { connect, type Baton } from '../client.js';
import type { Storage } from '../storage/open-storage.js';
import { connectionOptions, unreachable, type ConnectionSettings } from '../connection.js';

/** The flags of commands that talk to a Temporal server. */
export interface ConnectionFlags {
  address?: string;
  namespace?: string;
  apiKey?: string;
  profile?: string;
}

/** Adds `--debug`, which `runCli` reads. */
export function debuggable(command: Command): Command {
  return command.option('--debug', 'show stacks of failures').optionsGroup('Options:');
}

/** Adds the flags that say where Temporal is, over the standard environment and configuration file. */
export function connecting(command: Command): Command {
  return debuggable(command)
    .optionsGroup('Connection:')
    .option('--address <host:port>', 'Temporal server; default TEMPORAL_ADDRESS, else localhost:7233')
    .option('--namespace <name>', 'namespace; default TEMPORAL_NAMESPACE, else default')
    .option('--api-key <key>', 'API key; default TEMPORAL_API_KEY')
    .option('--profile <name>', "profile of Temporal's configuration file");
}

export function connectionSettings(flags: ConnectionFlags): ConnectionSettings {
  const { address, namespace, apiKey, profile } = flags;
  return {
    ...(address === undefined ? {} : { address }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(profile === undefined ? {} : { profile }),
  };
}

/** A person waits, and a server that is there answers at once. */
const CONNECT_TIMEOUT = '5 seconds';

/** A connection that has been answered. @throws BatonError `ServerUnreachable`, `ConfigInvalid` */
export async function openConnection(settings: ConnectionSettings): Promise<Connection> {
  const options = connectionOptions(settings).connection;
  try {
    return await Connection.connect({ ...options, connectTimeout: CONNECT_TIMEOUT });
  } catch (cause) {
    throw unreachable(options.address, cause);
  }
}

/** Connects for as long as `fn` takes. @throws BatonError `ServerUnreachable`, `ConfigInvalid` */
export async function withBaton<T>(
  flags: ConnectionFlags & { taskQueue?: string | undefined; storage?: Storage | undefined },
  fn: (baton: Baton) => Promise<T>,
): Promise<T> {
  const { taskQueue, storage } = flags;
  const settings = connectionSettings(flags);
  const connection = await openConnection(settings);
  try {
    return await fn(
      await connect({
        ...settings,
        connection,
        ...(taskQueue === undefined ? {} : { taskQueue }),
        ...(storage === undefined ? {} : { storage }),
      }),
    );
  } finally {
    await connection.close();
  }
}
