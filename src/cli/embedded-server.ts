import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { Connection } from '@temporalio/client';
import { z } from 'zod';
import { BatonError } from '../agents/failures.js';
import { SEARCH_ATTRIBUTE } from '../agents/names.js';
import { connectionOptions } from '../connection.js';
import { DevError } from '../dev/dev-error.js';
import { isPortFree, LOOPBACK } from '../dev/free-port.js';
import { findTemporalBinary, lookForTemporalBinary } from '../dev/temporal-binary.js';
import { startTemporalServer } from '../dev/temporal-server.js';
import { connectionSettings, openConnection, type ConnectionFlags } from './connection-flags.js';
import { CliError } from './failures.js';
import type { Io } from './io.js';
import { Progress } from './progress.js';

export const DEFAULT_PORT = 7233;
export const DEFAULT_UI_PORT = 8233;
/** Where the embedded server keeps its data, in the current folder. */
export const DATA_FOLDER = '.baton';

export interface ServerOptions {
  io: Io;
  flags: ConnectionFlags;
  /** Folder of the data, relative to the current one. */
  data: string;
  /** Ports that were asked for; absent: the default ones. */
  port?: number | undefined;
  uiPort?: number | undefined;
  /** What happens where something else has the default port: a failure, or another port. */
  portTaken: 'fail' | 'another';
}

/** A server that answers. */
export interface OpenServer {
  address: string;
  namespace: string;
  uiUrl?: string;
  /** How it came: set by the user, found at its port, or started here, then with the file of its data. */
  origin: { kind: 'configured' | 'found' } | { kind: 'started'; file: string };
  /** Whether commands elsewhere on this machine find it without being told where. */
  isDefault: boolean;
  /** Resolves when a server that was started here ends; never for others. */
  exited: Promise<unknown>;
  /** Stops what was started here. */
  stop(): Promise<void>;
}

const ServerFile = z.object({ address: z.string(), uiUrl: z.string().optional() });

/**
 * The Temporal server to work on: the one that flags, environment or profile name; else the one of this folder's data
 * that is up; else one that answers at the default port; else it is started, its binary being obtained where there is none.
 * @throws DevError; BatonError `ServerUnreachable` for one that is named
 */
export async function openServer(options: ServerOptions): Promise<OpenServer> {
  const { io, flags, data, port = DEFAULT_PORT } = options;
  const settings = connectionOptions(connectionSettings(flags));
  const { namespace } = settings;
  const configured = settings.connection.address;
  if (configured !== undefined) {
    const connection = await openConnection(connectionSettings(flags)).catch((error: unknown) => {
      throw nothingThere(error, flags);
    });
    await connection.close();
    return existing(configured, namespace, 'configured', true);
  }
  const folder = resolve(io.cwd, data);
  const running = await readServerFile(folder);
  if (running && (await answers(running.address))) {
    const server = existing(running.address, namespace, 'found', isDefaultAddress(running.address));
    return { ...server, ...(running.uiUrl === undefined ? {} : { uiUrl: running.uiUrl }) };
  }
  const address = `${LOOPBACK}:${port}`;
  if (port === 0 || (await isPortFree(port))) return start(options, namespace, port);
  if (await answers(address)) return existing(address, namespace, 'found', isDefaultAddress(address));
  if (options.portTaken === 'another') return start(options, namespace, 0);
  throw new DevError(
    'TemporalPortInUse',
    `Port ${port} is in use, and what listens there is no Temporal server.`,
    'choose another port with --port, and give it to the other commands with --address',
  );
}

/** A server that is named is not started here: the advice for one that does not answer is to name none. */
function nothingThere(error: unknown, { address }: ConnectionFlags): unknown {
  if (!(error instanceof BatonError) || error.code !== 'ServerUnreachable') return error;
  const { TEMPORAL_ADDRESS: set } = process.env;
  const [says, undo] =
    address !== undefined
      ? [`--address is ${address}`, 'leave it out']
      : set
        ? [`TEMPORAL_ADDRESS is set to ${set}`, 'unset it']
        : ["Temporal's configuration file names the address", 'choose another profile'];
  return new CliError('ServerUnreachable', error.message, {
    cause: error,
    advice: `${says}: ${undo} to have a server of its own started, or start that one`,
  });
}

function existing(
  address: string,
  namespace: string,
  kind: 'configured' | 'found',
  isDefault: boolean,
): OpenServer {
  return {
    address,
    namespace,
    origin: { kind },
    isDefault,
    exited: new Promise(() => undefined),
    stop: () => Promise.resolve(),
  };
}

async function start(
  { io, data, uiPort }: ServerOptions,
  namespace: string,
  port: number,
): Promise<OpenServer> {
  const folder = resolve(io.cwd, data);
  const file = join(folder, 'temporal.db');
  await mkdir(folder, { recursive: true }).catch((cause: unknown) => {
    const { code = String(cause) } = cause as NodeJS.ErrnoException;
    throw new BatonError('ConfigInvalid', `no folder for the server's data at ${folder}: ${code}`, {
      cause,
    });
  });
  const binary = await obtainBinary(io);
  // Only a port that was asked for must be that one.
  const ui = uiPort ?? ((await isPortFree(DEFAULT_UI_PORT)) ? DEFAULT_UI_PORT : 0);
  const server = await startTemporalServer({
    binary,
    dbFile: file,
    logFile: join(folder, 'temporal.log'),
    port,
    uiPort: ui,
    namespace,
    searchAttributes: { [SEARCH_ATTRIBUTE]: 'KeywordList' },
  });
  const { address, uiUrl, exited } = server;
  await writeFile(serverFile(folder), JSON.stringify({ address, uiUrl, pid: server.pid }));
  return {
    address,
    namespace,
    ...(uiUrl === undefined ? {} : { uiUrl }),
    origin: { kind: 'started', file: shortest(io.cwd, file) },
    isDefault: isDefaultAddress(address),
    exited,
    async stop() {
      await rm(serverFile(folder), { force: true });
      await server.stop();
    },
  };
}

async function obtainBinary(io: Io): Promise<string> {
  const present = await lookForTemporalBinary();
  if (present) return present.path;
  const progress = new Progress(io.err);
  progress.show('Getting the Temporal server, once for this user');
  const { path } = await findTemporalBinary({
    onProgress: (line) => progress.show(line),
    signal: io.interruption(),
  });
  progress.end();
  return path;
}

/** Whether a Temporal server answers there. */
export async function answers(address: string): Promise<boolean> {
  try {
    const connection = await Connection.connect({ address, connectTimeout: '2 seconds' });
    await connection.close();
    return true;
  } catch {
    return false;
  }
}

function isDefaultAddress(address: string): boolean {
  return address === `${LOOPBACK}:${DEFAULT_PORT}`;
}

function shortest(cwd: string, file: string): string {
  const path = relative(cwd, file);
  return path.startsWith('..') ? file : path;
}

function serverFile(folder: string): string {
  return join(folder, 'server.json');
}

/** The server that was started on the folder's data last; it may have been killed since. */
async function readServerFile(folder: string): Promise<z.infer<typeof ServerFile> | undefined> {
  try {
    return ServerFile.parse(JSON.parse(await readFile(serverFile(folder), 'utf8')));
  } catch {
    return undefined;
  }
}
