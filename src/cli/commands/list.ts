import { Command } from 'commander';
import type { WorkflowExecutionInfo } from '@temporalio/client';
import {
  CIRCUIT_ORCHESTRATION,
  orchestrationName,
  PENDING_KEY,
  SEARCH_ATTRIBUTE,
} from '../../agents/names.js';
import { connecting, withBaton, type ConnectionFlags } from '../connection-flags.js';
import { say, sayJson, type Io } from '../io.js';
import { clip, columns, duration } from '../layout.js';
import { parseCount } from '../option-values.js';
import { paintFor, type Paint } from '../paint.js';

interface Flags extends ConnectionFlags {
  limit: number;
  query?: string;
  json?: boolean;
}

/** What stands for open circuits is no run of the user's; a filter of one's own finds it. */
const RUNS_ONLY = `WorkflowType != "${CIRCUIT_ORCHESTRATION}"`;

const STATES: Readonly<Record<string, { word: string; color: 'good' | 'bad' | 'dim' }>> = {
  RUNNING: { word: 'running', color: 'good' },
  COMPLETED: { word: 'completed', color: 'dim' },
  FAILED: { word: 'failed', color: 'bad' },
  TIMED_OUT: { word: 'timed out', color: 'bad' },
  CANCELLED: { word: 'cancelled', color: 'dim' },
  TERMINATED: { word: 'terminated', color: 'bad' },
  CONTINUED_AS_NEW: { word: 'continued', color: 'dim' },
};

export function listCommand(io: Io): Command {
  const command = new Command('list')
    .description('list runs, the newest first')
    .option('--limit <n>', 'how many at most', parseCount, 20)
    .option('--query <filter>', "Temporal's list filter, such as 'ExecutionStatus = \"Running\"'")
    .option('--json', 'print JSON');
  return connecting(command).action((flags: Flags) =>
    withBaton(flags, async (baton) => {
      const runs: WorkflowExecutionInfo[] = [];
      const { query = RUNS_ONLY } = flags;
      for await (const run of baton.client.workflow.list({ query })) {
        runs.push(run);
        if (runs.length === flags.limit) break;
      }
      if (flags.json) return sayJson(io, runs.map(toJson));
      if (runs.length === 0)
        return say(io, 'There are no runs. Start one with: npx baton start ORCHESTRATION');
      const paint = paintFor(io.out);
      const head = ['RUN', 'ORCHESTRATION', 'STATE', 'STARTED', 'TOOK'].map(paint.dim);
      for (const line of columns([head, ...runs.map((run) => toRow(run, paint))])) say(io, line);
    }),
  );
}

function toRow(run: WorkflowExecutionInfo, paint: Paint): string[] {
  const { workflowId, type, status, startTime, closeTime } = run;
  const { word, color } = STATES[status.name] ?? { word: status.name.toLowerCase(), color: 'dim' };
  const state = isWaiting(run) ? paint.attention('waits for approval') : paint[color](word);
  const took = duration((closeTime?.getTime() ?? Date.now()) - startTime.getTime());
  const started = `${duration(Date.now() - startTime.getTime())} ago`;
  // An id is never cut: it is what the other commands are given.
  return [workflowId, clip(orchestrationName(type), 24), state, started, took];
}

function isWaiting({ status, searchAttributes }: WorkflowExecutionInfo): boolean {
  const keys: readonly unknown[] = searchAttributes[SEARCH_ATTRIBUTE] ?? [];
  return status.name === 'RUNNING' && keys.includes(PENDING_KEY);
}

function toJson(run: WorkflowExecutionInfo) {
  const { workflowId, runId, type, taskQueue, status, startTime, closeTime } = run;
  return {
    id: workflowId,
    runId,
    orchestration: type,
    taskQueue,
    status: status.name,
    waitsForApproval: isWaiting(run),
    startedAt: startTime,
    ...(closeTime ? { closedAt: closeTime } : {}),
  };
}
