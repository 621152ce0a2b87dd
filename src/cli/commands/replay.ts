import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import { DEFAULT_TASK_QUEUE } from '../../agents/names.js';
import { cleaningUp } from '../cleanup.js';
import { connecting, withBaton, type ConnectionFlags } from '../connection-flags.js';
import { FAILED, MISUSED, OK } from '../exit-codes.js';
import { CliError } from '../failures.js';
import {
  savedFiles,
  savedHistories,
  serverHistories,
  STATUSES,
  type Source,
  type Status,
} from '../history-sources.js';
import { remark, say, sayJson, type Exit, type Io } from '../io.js';
import { parseCount } from '../option-values.js';
import { paintFor } from '../paint.js';
import { locatingProject, type ProjectFlags } from '../project-flags.js';
import { requireProject, type Project } from '../project.js';
import { count, emptyTally, renderOutcome, renderTally, type Outcome, type Tally } from '../render-replay.js';

interface Flags extends ConnectionFlags, ProjectFlags {
  fromServer?: boolean;
  query?: string;
  limit?: number;
  status?: Status;
  save?: string;
  strict?: boolean;
  json?: boolean;
}

const DEFAULT_LIMIT = 10;

export function replayCommand(io: Io, exit: Exit): Command {
  const command = new Command('replay')
    .description("replay histories against the project's code: which runs would a deploy of it break?")
    .argument('[paths...]', 'files of saved histories, and folders of them')
    .option('--from-server', "replay runs of the project's task queue, the newest of each orchestration")
    .option(
      '--limit <n>',
      `how many of each orchestration, running and ended; default ${DEFAULT_LIMIT}`,
      parseCount,
    )
    .addOption(new Option('--status <which>', 'runs in which state; default all').choices(STATUSES))
    .option('--query <filter>', "Temporal's list filter, such as 'WorkflowType = \"refund\"'")
    .option('--save <folder>', 'keep what comes from the server, to be replayed without one')
    .option('--strict', 'fail where a history is skipped, or there is none')
    .option('--json', 'print JSON');
  return connecting(locatingProject(command)).action((paths: string[], flags: Flags) =>
    replay(paths, flags, { io, exit }),
  );
}

async function replay(paths: string[], flags: Flags, { io, exit }: { io: Io; exit: Exit }): Promise<void> {
  checkFlags(paths, flags);
  const files = await savedFiles(paths, io.cwd);
  const project = await requireProject({ cwd: io.cwd, ...flags });
  const { openReplay } = await import('../replay-project.js');
  const tally = emptyTally();
  const outcomes: Outcome[] = [];
  await cleaningUp(async (cleanup) => {
    const open = await openReplay(io, project);
    cleanup.add(() => open.close());
    const replayAll = async (sources: AsyncIterable<Source>) => {
      for await (const source of sources) {
        const outcome = await open.outcomeOf(source);
        count(tally, outcome);
        if (flags.json) outcomes.push(outcome);
        else for (const line of renderOutcome(outcome, paintFor(io.out))) say(io, line);
      }
    };
    await replayAll(savedHistories(files, io.cwd));
    if (flags.fromServer) await fromServer(flags, { io, project, replayAll });
  });
  if (flags.save !== undefined) remark(io, `the histories of the server are in ${flags.save}`);
  if (flags.json) {
    const { replayed, broken, skipped, unreadable } = tally;
    sayJson(io, { replayed, broken, skipped: Object.fromEntries(skipped), unreadable, histories: outcomes });
  } else for (const line of renderTally(tally, paintFor(io.out))) say(io, line);
  exit(codeOf(tally, flags));
}

/** A history that would break counts for more than one that cannot be read. */
function codeOf({ replayed, broken, skipped, unreadable }: Tally, { strict = false }: Flags): number {
  if (broken > 0) return FAILED;
  if (unreadable > 0) return MISUSED;
  return strict && (skipped.size > 0 || replayed === 0) ? FAILED : OK;
}

function fromServer(
  { taskQueue, status = 'all', query, limit = DEFAULT_LIMIT, save, ...connection }: Flags,
  {
    io,
    project,
    replayAll,
  }: { io: Io; project: Project; replayAll(sources: AsyncIterable<Source>): Promise<void> },
): Promise<void> {
  const filter = {
    taskQueue: taskQueue ?? project.taskQueue ?? DEFAULT_TASK_QUEUE,
    status,
    query,
    limit,
    save: save === undefined ? undefined : resolve(io.cwd, save),
  };
  return withBaton({ ...connection, storage: project.storage }, (baton) =>
    replayAll(serverHistories(baton, filter)),
  );
}

/** @throws CliError `Usage` */
function checkFlags(paths: readonly string[], flags: Flags): void {
  const usage = (message: string) => {
    throw new CliError('Usage', message, { advice: 'npx baton replay --help' });
  };
  if (paths.length === 0 && !flags.fromServer) usage('Name files of saved histories, or give --from-server.');
  const { limit, status, query, save } = flags;
  const stray = Object.entries({ limit, status, query, save }).find(([, value]) => value !== undefined);
  if (stray && !flags.fromServer) usage(`--${stray[0]} is for --from-server, which is not given.`);
}
