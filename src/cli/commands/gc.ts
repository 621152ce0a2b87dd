import { Client } from '@temporalio/client';
import { Command } from 'commander';
import { BatonError } from '../../agents/failures.js';
import { collectGarbage, type Garbage, type Tally } from '../../client/collect-garbage.js';
import { namingStorage } from '../../client/naming-storage.js';
import { Unreadable } from '../../client/references.js';
import { namespaceIds } from '../../storage/namespace-ids.js';
import { openStorage, readStorage } from '../../storage/open-storage.js';
import { bytes } from '../bytes.js';
import { connecting, withBaton, type ConnectionFlags } from '../connection-flags.js';
import { CliError } from '../failures.js';
import { say, sayJson, type Io } from '../io.js';
import { duration } from '../layout.js';
import { collect, parseDuration } from '../option-values.js';
import { projectStorage } from '../project-storage.js';

interface Flags extends ConnectionFlags {
  dryRun?: boolean;
  olderThan: number;
  also?: string[];
  storage?: string;
  json?: boolean;
}

const HOUR = 3_600_000;

export function gcCommand(io: Io): Command {
  const command = new Command('gc')
    .description('remove stored values that no run of the namespace refers to any more')
    .option('--dry-run', 'remove nothing, only say what would go')
    .option('--older-than <time>', 'leave what was stored more recently', parseDuration, HOUR)
    .option('--also <namespace>', 'another namespace of the server; may be given several times', collect)
    .option('--storage <where>', "a folder or s3://bucket/prefix; default: the project's, else BATON_STORAGE")
    .option('--json', 'print JSON');
  return connecting(command).action((flags: Flags) => gc(flags, io));
}

async function gc(flags: Flags, io: Io): Promise<void> {
  const { also = [], dryRun = false, olderThan, json } = flags;
  const setting = flags.storage ?? (await projectStorage(io));
  await withBaton({ ...flags, storage: setting }, async ({ client }) => {
    const { namespace } = client.options;
    const ids = namespaceIds(client.workflowService, namespace);
    const storage = openStorage(readStorage(setting, io.cwd), ids);
    if (!storage?.values) {
      throw new BatonError(
        'ConfigInvalid',
        `storage: ${storage?.where ?? 'none'} is not kept by Baton, which cannot tidy it`,
      );
    }
    const others = also.filter((name) => name !== namespace);
    const clients = [client, ...others.map((name) => new Client({ ...sharing(client), namespace: name }))];
    const work = collectGarbage({ clients, storage: storage.values, grace: olderThan, dryRun });
    const found = await namingStorage(work).catch((cause: unknown) => {
      if (!(cause instanceof Unreadable)) throw cause;
      throw new CliError('HistoryUnreadable', cause.message, { cause });
    });
    if (json) return sayJson(io, { storage: storage.where, dryRun, ...found });
    for (const line of render(found, { where: storage.where, dryRun, olderThan })) say(io, line);
  });
}

function sharing({ connection, options }: Client) {
  return { connection, dataConverter: options.loadedDataConverter };
}

function render(
  { runs, used, young, garbage, removed }: Garbage,
  { where, dryRun, olderThan }: { where: string; dryRun: boolean; olderThan: number },
): string[] {
  const kept = garbage.count - removed.count;
  return [
    `${where}, after the histories of ${runs} runs`,
    `  in use   ${text(used)}`,
    `  young    ${text(young)}, stored in the last ${duration(olderThan)}`,
    dryRun ? `  garbage  ${text(garbage)}, not removed` : `  removed  ${text(removed)}`,
    ...(kept > 0 && !dryRun ? [`  left     ${kept}, stored again meanwhile, or by another server`] : []),
  ];
}

function text({ count, bytes: size }: Tally): string {
  return count === 1 ? `1 value (${bytes(size)})` : `${count} values (${bytes(size)})`;
}
