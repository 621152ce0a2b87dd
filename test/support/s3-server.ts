import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import S3rver from 's3rver';

export interface S3Server {
  /** A storage of this server, in its one bucket. */
  location(prefix: string): string;
  stop(): Promise<void>;
}

/** A server that speaks S3, on a free port. The keys that it takes are set in the environment. */
export async function startS3Server(): Promise<S3Server> {
  process.env['AWS_ACCESS_KEY_ID'] = 'S3RVER';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'S3RVER';
  const server = new S3rver({
    address: '127.0.0.1',
    port: 0,
    silent: true,
    directory: await mkdtemp(join(tmpdir(), 'baton-s3-')),
    configureBuckets: [{ name: 'values' }],
  });
  const { port } = await server.run();
  return {
    location: (prefix) => `s3://values/${prefix}?endpoint=http://127.0.0.1:${port}`,
    stop: () => server.close(),
  };
}
