import { loadClientConnectConfig } from '@temporalio/envconfig';
import { z } from 'zod';
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

const Address = z
  .string()
  .refine(isAddress, { error: ({ input }) => `"${String(input)}" is not of the form host:port` });
const text = z.string().min(1);

/** Settings as they come from outside. */
export const ConnectionFields = {
  address: Address.optional(),
  namespace: text.optional(),
  apiKey: text.optional(),
  profile: text.optional(),
} satisfies Record<keyof ConnectionSettings, z.ZodType>;

/** What they come to, the environment and the configuration file included. */
const Place = z.object({ address: Address.optional(), namespace: text.default('default') });

/**
 * Temporal's standard configuration (environment variables such as `TEMPORAL_ADDRESS`, and `temporal.toml`) with the
 * given settings over it, for client and worker alike.
 * @throws BatonError `ConfigInvalid`
 */
export function connectionOptions({ address, namespace, apiKey, profile }: ConnectionSettings) {
  try {
    const loaded = loadClientConnectConfig(profile === undefined ? {} : { profile });
    const { connectionOptions, namespace: configured } = loaded;
    const { address: at, namespace: within } = Place.parse({
      address: address ?? connectionOptions.address,
      namespace: namespace ?? configured,
    });
    return {
      connection: {
        ...connectionOptions,
        ...(at === undefined ? {} : { address: at }),
        ...(apiKey === undefined ? {} : { apiKey }),
      },
      namespace: within,
    };
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    const reason = cause instanceof z.ZodError ? z.prettifyError(cause) : said;
    throw new BatonError('ConfigInvalid', `Temporal's configuration: ${reason}`, { cause });
  }
}

/** The failure to reach a server, with its address and what to do. */
export function unreachable(address: string | undefined, cause: unknown): BatonError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new BatonError('ServerUnreachable', `${address ?? 'localhost:7233'}: ${reason}`, { cause });
}

/** A host with a port or without: a name, an IPv4 address, or an IPv6 address in brackets. */
function isAddress(text: string): boolean {
  const [, port = '0'] = /^(?:[^\s/:[\]]+|\[[\da-f:.]+\])(?::(\d+))?$/i.exec(text) ?? [undefined, 'none'];
  return Number(port) <= 65_535;
}
