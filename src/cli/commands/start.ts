import { WorkflowNotFoundError } from '@temporalio/client';
import { Command } from 'commander';
import { BatonError } from '../../agents/failures.js';
import { DEFAULT_TASK_QUEUE, RESERVED_PREFIX } from '../../agents/names.js';
import type { Baton, RunPriority, StartOptions } from '../../client.js';
import { connecting, withBaton, type ConnectionFlags } from '../connection-flags.js';
import { remark, say, sayJson, type Io } from '../io.js';
import { columns } from '../layout.js';
import { collect, parseAmount, parseCount, parsePriority } from '../option-values.js';
import { paintFor } from '../paint.js';
import { findProject, type Project } from '../project.js';
import { sameConnection } from '../proposed-flags.js';
import { readRunInput } from '../run-input.js';
import { missingWorker } from '../worker-wait.js';
import { sayResult } from './result.js';

interface Flags extends ConnectionFlags {
  input?: string;
  id?: string;
  budget?: number;
  budgetTokens?: number;
  softBudget?: number;
  tenant?: string;
  priority?: RunPriority;
  tag?: string[];
  taskQueue?: string;
  wait?: boolean;
  json?: boolean;
}

export function startCommand(io: Io): Command {
  const command = new Command('start')
    .description('start a run, or attach to the run of that id that is going on')
    .argument('<orchestration>', 'name of the workflow function')
    .option('--input <json>', 'its input: JSON, @FILE, or - for standard input')
    .option('--id <run>', 'id of the run; default: the name and a random part')
    .option('--budget <usd>', 'US dollars that the run may spend, children included', parseAmount)
    .option('--budget-tokens <n>', 'tokens that the run may spend, children included', parseCount)
    .option('--soft-budget <usd>', 'US dollars after which agents use their cheaper model', parseAmount)
    .option('--tenant <name>', 'whose run it is; where work waits tenants are served in turn')
    .option('--priority <level>', 'what is served first: 1 (interactive) to 5 (batch)', parsePriority)
    .option('--tag <name>', 'a tag; may be given several times', collect)
    .option('--task-queue <name>', "task queue; default: the project's, else baton")
    .option('--wait', 'wait for the end and print the result')
    .option('--json', 'print JSON');
  return connecting(command).action((orchestration: string, flags: Flags) => start(orchestration, flags, io));
}

async function start(orchestration: string, flags: Flags, io: Io): Promise<void> {
  const input = flags.input === undefined ? undefined : await readRunInput(flags.input, io);
  const project = await findProject({ cwd: io.cwd });
  if (project && sharesQueue(flags, project)) await checkName(orchestration, project);
  const taskQueue = flags.taskQueue ?? project?.taskQueue;
  await withBaton({ ...flags, taskQueue, storage: project?.storage }, async (baton) => {
    const before = flags.id === undefined ? undefined : await openRun(baton, flags.id);
    const run = await baton.start(orchestration, input, optionsOf(flags));
    const attached = before !== undefined && before === run.runId;
    if (attached)
      remark(io, 'It keeps the input, the budget and the other options that it was started with.');
    const missing = await missingWorker(baton, run.id);
    if (missing) {
      const { why, advice = `npx baton worker${sameConnection(flags)}` } = missing;
      remark(io, `No worker takes it yet: ${why}. Try: ${advice}`);
    }
    if (flags.wait) {
      remark(io, `${attached ? ATTACHED : 'started'} ${run.id}`);
      return sayResult(io, await run.result(), flags);
    }
    if (flags.json) return sayJson(io, { id: run.id, runId: run.runId, attached });
    const paint = paintFor(io.out);
    say(io, `${attached ? ATTACHED : 'started'}  ${paint.bold(run.id)}`);
    const proposals = [
      ['watch', `npx baton show ${run.id}${sameConnection(flags)}`],
      ['result', `npx baton result ${run.id}${sameConnection(flags)}`],
    ];
    for (const line of columns(proposals)) say(io, paint.dim(`  ${line}`));
  });
}

/** Whether runs go to the project's own workers: another task queue may be another project's. */
function sharesQueue({ taskQueue }: Flags, project: Project): boolean {
  return taskQueue === undefined || taskQueue === (project.taskQueue ?? DEFAULT_TASK_QUEUE);
}

/**
 * A run of a name that no worker knows would only fail.
 * @throws BatonError `OrchestrationUnknown`
 */
async function checkName(orchestration: string, project: Project): Promise<void> {
  const { knownOrchestrations } = await import('../known-orchestrations.js');
  const known = await knownOrchestrations(project).catch((error: unknown) => {
    // What does not load here may do so on a worker.
    if (!(error instanceof BatonError)) throw error;
  });
  if (!known || known.has(orchestration)) return;
  const names = [...known].filter((name) => !name.startsWith(RESERVED_PREFIX)).join(', ');
  throw new BatonError(
    'OrchestrationUnknown',
    `there is no orchestration "${orchestration}" in the project; there are: ${names}`,
  );
}

const ATTACHED = 'attached to the run that is going on:';

/** The run id of the run of that id that is going on; the client does not tell whether a start made a new one. */
async function openRun({ client }: Baton, id: string): Promise<string | undefined> {
  try {
    const { status, runId } = await client.workflow.getHandle(id).describe();
    return status.name === 'RUNNING' ? runId : undefined;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}

function optionsOf({ id, budget, budgetTokens, softBudget, tenant, priority, tag }: Flags): StartOptions {
  const amount = {
    ...(budget === undefined ? {} : { usd: budget }),
    ...(budgetTokens === undefined ? {} : { tokens: budgetTokens }),
    ...(softBudget === undefined ? {} : { soft: { usd: softBudget } }),
  };
  return {
    ...(id === undefined ? {} : { id }),
    ...(Object.keys(amount).length > 0 ? { budget: amount } : {}),
    ...(tenant === undefined ? {} : { tenant }),
    ...(priority === undefined ? {} : { priority }),
    ...(tag ? { tags: tag } : {}),
  };
}
