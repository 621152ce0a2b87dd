/**
 * Plays recorded conversations on workers that are killed, and holds what was done against the recordings:
 *
 *     tsx test/chaos/airline/run.ts [--small] [--seed N]
 *
 * Exit code 1 where something differs, or where the control, which must fail, does not.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { bundleWorkflows } from 'batonjs/worker';
import { findTemporalBinary } from '../../../src/dev/temporal-binary.js';
import { startTemporalServer } from '../../../src/dev/temporal-server.js';
import { Random } from '../random.js';
import { play, type PlaySettings } from './play.js';
import { hasRecordings, readConversations, reusesIds, type Conversation } from './recordings.js';
import { rowsOf } from './rows.js';
import { violationsOf, type Violations } from './verdict.js';

const SMALL = { conversations: 10, workers: 2, atOnce: 10, minutes: 10 };
const FULL = { conversations: Infinity, workers: 3, atOnce: 25, minutes: 30 };
/** Of a small run, so many conversations are such that the control can fail on them. */
const REUSING = 4;

const { values } = parseArgs({ options: { small: { type: 'boolean' }, seed: { type: 'string' } } });
const seed = Number(values.seed ?? Math.floor(Math.random() * 1e6));
if (!hasRecordings) {
  console.log('recorded conversations: skipped, since ../shared/data/airline-conversations is not there');
} else {
  console.log(`recorded conversations, seed ${seed}`);
  process.exit((await isRight()) ? 0 : 1);
}

async function isRight(): Promise<boolean> {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const { workers, atOnce, minutes, conversations: count } = values.small ? SMALL : FULL;
  const folder = await mkdtemp(join(tmpdir(), 'baton-airline-'));
  const bundle = join(folder, 'bundle.js');
  await writeFile(
    bundle,
    (await bundleWorkflows(fileURLToPath(new URL('./workflows.ts', import.meta.url)))).code,
  );
  const server = await startTemporalServer({
    binary: (await findTemporalBinary()).path,
    port: 0,
    namespace: 'default',
    dbFile: join(folder, 'temporal.db'),
  });
  try {
    const conversations = chosen(readConversations(), count);
    const { address } = server;
    const settings: Omit<PlaySettings, 'name' | 'pairing' | 'isDeadly'> = {
      conversations,
      seed,
      workers,
      atOnce,
      ms: minutes * 60_000,
      address,
      bundle,
      folder,
    };
    const played = await play({ ...settings, name: 'kills', pairing: 'key', isDeadly: true });
    const violations = violationsOf(played, true);
    console.table(rowsOf(played));
    show(violations);
    if (violations.size === 0) console.log('✓ nothing differs from the recordings');

    const control = await play({ ...settings, name: 'control', pairing: 'recorded id', isDeadly: false });
    const isControlRight = hasFailedWhereItMust(conversations, violationsOf(control, false));
    return violations.size === 0 && isControlRight;
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

function chosen(all: readonly Conversation[], count: number): Conversation[] {
  const random = new Random(seed, 'conversations');
  const reusing = random.shuffled(all.filter(reusesIds));
  const others = random.shuffled(all.filter((one) => !reusesIds(one)));
  if (count >= all.length) return random.shuffled(all);
  return random.shuffled([...reusing.slice(0, REUSING), ...others.slice(0, count - REUSING)]);
}

function show(violations: Violations): void {
  for (const [conversation, all] of violations) {
    console.log(`✗ ${conversation}`);
    for (const what of all) console.log(`    ${what.slice(0, 600)}`);
  }
}

/** The control takes the recorded ids of calls for keys. It must fail where a recording has one twice, and nowhere else. */
function hasFailedWhereItMust(conversations: readonly Conversation[], violations: Violations): boolean {
  const must = new Set(conversations.filter(reusesIds).map(({ name }) => name));
  const passed = [...must].filter((name) => !violations.has(name));
  const others = [...violations].filter(([name]) => !must.has(name));
  console.log(
    `control, results by the recorded ids of calls: ${must.size} of ${conversations.length} conversations reuse an id, ` +
      `${violations.size} failed`,
  );
  for (const name of passed) console.log(`✗ control: ${name} passed`);
  show(new Map(others));
  if (others.length === 0 && passed.length === 0) console.log('✓ the control fails where it must');
  return must.size > 0 && passed.length === 0 && others.length === 0;
}
