import { loadClientConnectConfig } from '@temporalio/envconfig';
import { BatonError } from './agents/failures.js';

/** Where Temporal is, and how to get in. What is left out comes from Temporal's standard configuration. */
export interface ConnectionSettings {
  /** `host:port`. */
  address?: string;
  namespace?: string;
  apiKey?: string;
  /** Profile of the configuration file. */
  profile?: string;
}

/**
 * Temporal's standard configuration (environment variables such as `TEMPORAL_ADDRESS`, and `temporal.toml`) with the
 * given settings over it, for client and worker alike.
 * @throws BatonError `ConfigInvalid`
 */
export function connectionOptions({ address, namespace, apiKey, profile }: ConnectionSettings) {
  try {
    const loaded = loadClientConnectConfig(profile === undefined ? {} : { profile });
    const { connectionOptions, namespace: configured } = loaded;
    return {
      connection: {
        ...connectionOptions,
        ...(address === undefined ? {} : { address }),
        ...(apiKey === undefined ? {} : { apiKey }),
      },
      namespace: namespace ?? configured ?? 'default',
    };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new BatonError('ConfigInvalid', `Temporal's configuration: ${reason}`, { cause });
  }
}

/** The failure to reach a server, with its address and what to do. */
export function unreachable(address: string | undefined, cause: unknown): BatonError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new BatonError('ServerUnreachable', `${address ?? 'localhost:7233'}: ${reason}`, { cause });
}
