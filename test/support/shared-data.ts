import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../../../shared/data/', import.meta.url));

/** Recorded data that stands beside the project and is no part of it. */
export const hasSharedData = existsSync(FOLDER);

/** `describe` for tests on recorded data: where it is absent they are skipped, and the run says why. */
export const describeShared: jest.Describe = hasSharedData ? describe : describe.skip;
if (!hasSharedData) {
  process.stderr.write('skipped: tests on recorded data, since ../shared/data is not there\n');
}

/** A file of the recorded data as JSON. */
export function sharedJson(path: string): unknown {
  return JSON.parse(readFileSync(`${FOLDER}${path}`, 'utf8')) as unknown;
}
