import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import proto from '@temporalio/proto';
import { Worker } from '@temporalio/worker';
import { CIRCUIT_ORCHESTRATION } from '../../src/agents/names.js';
import type { Baton } from '../../src/client.js';
import { fetchHistory } from '../../src/history/fetch-history.js';
import { BatonPlugin } from '../../src/worker.js';
import type { Line, Violation } from './verdict.js';

const { History } = proto.temporal.api.history.v1;
const { WorkflowTaskFailedCause } = proto.temporal.api.enums.v1;
type Event = proto.temporal.api.history.v1.IHistoryEvent;

/** Nothing is wrong with a task that came too late, that met something new, or that the server ended to begin another. */
const HARMLESS: readonly string[] = [
  'WORKFLOW_TASK_FAILED_CAUSE_UNHANDLED_COMMAND',
  'WORKFLOW_TASK_FAILED_CAUSE_RESET_STICKY_TASK_QUEUE',
  'WORKFLOW_TASK_FAILED_CAUSE_FORCE_CLOSE_COMMAND',
];

interface Execution {
  workflowId: string;
  runId: string;
  type: string;
  status: string;
}

interface HistoriesToCheck {
  bundle: string;
  expectOpen: ReadonlySet<string>;
  /** Process ids of the workers that were paused. */
  paused: ReadonlySet<number>;
}

/** No run is open, no workflow task has failed, and the code replays every history. */
export async function checkHistories(
  baton: Baton,
  { bundle, expectOpen, paused }: HistoriesToCheck,
): Promise<Line[]> {
  const executions = await listed(baton, expectOpen);
  const circuits = executions.filter(({ type }) => type === CIRCUIT_ORCHESTRATION);
  const open = executions.filter((one) => one.status === 'RUNNING' && one.type !== CIRCUIT_ORCHESTRATION);
  const failed: Violation[] = [];
  const unlike: Violation[] = [];
  let events = 0;
  const histories: { workflowId: string; history: proto.temporal.api.history.v1.History }[] = [];
  for (const { workflowId, runId } of executions) {
    const history = await fetchHistory(baton.client, workflowId, runId);
    events += history.length;
    failed.push(...history.flatMap((event) => failureOf(event, workflowId, paused)));
    histories.push({ workflowId, history: History.create({ events: history }) });
  }
  const options = { workflowBundle: { codePath: bundle }, plugins: [new BatonPlugin({ agents: {} })] };
  for await (const { workflowId, error } of Worker.runReplayHistories(options, histories))
    if (error) unlike.push({ run: workflowId, what: error.message });
  return [
    {
      name: 'open runs',
      found: `${executions.length} runs in all, children and continued ones included, ${open.length} open`,
      violations: open.map(({ workflowId, type }) => ({ run: workflowId, what: `${type} is open` })),
    },
    { name: 'workflow tasks', found: `${events} events, ${failed.length} tasks failed`, violations: failed },
    { name: 'replay', found: `${histories.length} histories replayed`, violations: unlike },
    { name: 'circuits', found: `${circuits.length} were opened`, violations: [] },
  ];
}

function failureOf(
  { workflowTaskFailedEventAttributes: failed }: Event,
  run: string,
  paused: ReadonlySet<number>,
): Violation[] {
  if (!failed) return [];
  // Node counts the pause as time of the code that it was in.
  const isPause =
    paused.has(parseInt(failed.identity ?? '')) && /timed out/.test(failed.failure?.message ?? '');
  if (isPause) return [];
  const cause = WorkflowTaskFailedCause[failed.cause ?? 0] ?? '';
  if (HARMLESS.includes(cause)) return [];
  return [{ run, what: `${cause}: ${failed.failure?.message ?? ''}` }];
}

/** What the server lists comes a little later. */
async function listed(baton: Baton, expectOpen: ReadonlySet<string>): Promise<Execution[]> {
  for (let tries = 0; ; tries++) {
    const executions: Execution[] = [];
    for await (const { workflowId, runId, type, status } of baton.client.workflow.list())
      executions.push({ workflowId, runId, type, status: status.name });
    const isSettled = executions.every(
      ({ status, type, workflowId }) =>
        status !== 'RUNNING' || type === CIRCUIT_ORCHESTRATION || expectOpen.has(workflowId),
    );
    if (isSettled || tries === 10) return executions;
    await delay(1_000);
  }
}

/** Writes a run's history down, to be looked into. */
export async function exportHistory(baton: Baton, run: string, folder: string): Promise<string> {
  const events = await fetchHistory(baton.client, run);
  const file = join(folder, `${run.replaceAll('/', '_')}.json`);
  await writeFile(file, JSON.stringify(History.create({ events }).toJSON(), null, 2));
  return file;
}
