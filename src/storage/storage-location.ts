import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { BatonError } from '../agents/failures.js';
import { dataDir } from './data-dir.js';

/** Where large values are kept. */
export type StorageLocation =
  | { kind: 'none' }
  | { kind: 'folder'; path: string }
  | { kind: 's3'; bucket: string; prefix: string; endpoint?: string; region?: string };

export type S3Location = Extract<StorageLocation, { kind: 's3' }>;

/** What may stand behind the `?` of `s3://bucket/prefix`. */
const S3Parameters = z.strictObject({
  endpoint: z.url({ protocol: /^https?$/ }).optional(),
  region: z.string().min(1).optional(),
});

/** The folder of this user, where nothing else is said. */
export function defaultFolder(env: NodeJS.ProcessEnv = process.env): string {
  return join(dataDir(env), 'storage');
}

/**
 * Reads what `BATON_STORAGE` or a configuration says: a folder, `s3://bucket/prefix?endpoint=…&region=…`, or `none`.
 * @param cwd what a folder is relative to
 * @throws BatonError `ConfigInvalid`
 */
export function readLocation(text: string, cwd = process.cwd()): StorageLocation {
  if (text === 'none') return { kind: 'none' };
  // One letter is a drive of Windows.
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined) {
    if (text.trim() === '') return invalid('it is empty');
    return { kind: 'folder', path: resolve(cwd, text) };
  }
  if (scheme === 'file') return { kind: 'folder', path: pathOf(text) };
  if (scheme === 's3') return readS3(text);
  return invalid(`"${text}" is neither a folder, nor s3://bucket/prefix, nor none`);
}

function readS3(text: string): S3Location {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || url.hostname === '' || url.username !== '' || url.hash !== '')
    return invalid(
      `"${withoutUser(text)}" is not of the form s3://bucket/prefix?endpoint=…&region=… (keys come from AWS's own environment)`,
    );
  const parameters = S3Parameters.safeParse(Object.fromEntries(url.searchParams));
  if (!parameters.success) return invalid(`"${text}": ${z.prettifyError(parameters.error)}`);
  const { endpoint, region } = parameters.data;
  const path = decodeURIComponent(url.pathname).replace(/^\/+|\/+$/g, '');
  return {
    kind: 's3',
    bucket: url.hostname,
    prefix: path === '' ? '' : `${path}/`,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(region === undefined ? {} : { region }),
  };
}

/** A location as people read it. */
export function locationText(location: StorageLocation): string {
  switch (location.kind) {
    case 'none':
      return 'none';
    case 'folder':
      return `the folder ${location.path}`;
    case 's3': {
      const { bucket, prefix, endpoint } = location;
      return `s3://${bucket}/${prefix}${endpoint === undefined ? '' : ` at ${endpoint}`}`;
    }
    default:
      return location satisfies never;
  }
}

function pathOf(url: string): string {
  try {
    return fileURLToPath(url);
  } catch (error) {
    return invalid(`"${url}": ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Secrets that someone put into the address are not repeated. */
function withoutUser(text: string): string {
  return text.replace(/\/\/[^@/]*@/, '//***@');
}

function invalid(problem: string): never {
  throw new BatonError('ConfigInvalid', `storage: ${problem}`);
}
