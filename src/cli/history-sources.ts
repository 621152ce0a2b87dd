import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { WorkflowNotFoundError } from '@temporalio/client';
import type { temporal } from '@temporalio/proto';
import type { Baton } from '../client.js';
import { fetchHistory } from '../history/fetch-history.js';
import { newestRuns, quote } from '../client/newest-runs.js';
import { historyFromJson, historyToJson } from '../replay/history-json.js';
import { CliError } from './failures.js';

type History = temporal.api.history.v1.History;

/** A history that is to be replayed, and where it is from; or why there is none. */
export type Source = { from: string } & (
  | { kind: 'history'; history: History; runId?: string }
  | { kind: 'unreadable'; why: string }
  /** The run was deleted since it was listed. */
  | { kind: 'gone' }
);

/** The files that are named, and those with the ending `.json` of the folders that are. @throws CliError `Usage` */
export async function savedFiles(paths: readonly string[], cwd: string): Promise<string[]> {
  const files: string[] = [];
  for (const path of paths) {
    const at = resolve(cwd, path);
    const found = await stat(at).catch((cause: unknown) => misused(`${path} is not there`, cause));
    if (!found.isDirectory()) {
      files.push(path);
      continue;
    }
    const names = (await readdir(at)).filter((name) => name.endsWith('.json')).sort();
    if (names.length === 0) misused(`${path} has no histories: no file in it ends in .json`);
    files.push(...names.map((name) => join(path, name)));
  }
  return files;
}

function misused(message: string, cause?: unknown): never {
  const advice = 'save the histories of runs with: npx baton replay --from-server --save FOLDER';
  throw new CliError('Usage', message, { cause, advice });
}

/** Saved histories, one after the other. */
export async function* savedHistories(files: readonly string[], cwd: string): AsyncGenerator<Source, void> {
  for (const from of files) yield { from, ...(await readHistory(resolve(cwd, from))) };
}

async function readHistory(path: string) {
  try {
    const json: unknown = JSON.parse(await readFile(path, 'utf8'));
    return { kind: 'history', history: historyFromJson(json) } as const;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const why = cause instanceof SyntaxError ? `it is not JSON: ${reason}` : reason;
    return { kind: 'unreadable', why } as const;
  }
}

export const STATUSES = ['running', 'completed', 'all'] as const;
export type Status = (typeof STATUSES)[number];

export interface ServerFilter {
  taskQueue: string;
  status: Status;
  /** Temporal's list filter, beside the others. */
  query?: string | undefined;
  /** How many runs of each orchestration, in each of the states. */
  limit: number;
  /** Folder in which the histories are kept. */
  save?: string | undefined;
}

/** Histories of the server, one after the other: those of open runs first. */
export async function* serverHistories(
  { client }: Baton,
  { taskQueue, status, query, limit, save }: ServerFilter,
): AsyncGenerator<Source, void> {
  if (save !== undefined) await mkdir(save, { recursive: true });
  const states = [
    ...(status === 'completed' ? [] : ['ExecutionStatus = "Running"']),
    ...(status === 'running' ? [] : ['ExecutionStatus != "Running"']),
  ];
  for (const state of states) {
    const filter = [`TaskQueue = ${quote(taskQueue)}`, state, ...(query === undefined ? [] : [`(${query})`])];
    for await (const { workflowId, runId } of newestRuns(client, filter.join(' AND '), limit)) {
      const events = await fetchHistory(client, workflowId, runId).catch(unlessGone);
      if (!events) {
        yield { from: workflowId, kind: 'gone' };
        continue;
      }
      const history = historyFromJson({ events });
      if (save !== undefined) await saveHistory(save, { workflowId, runId, history });
      yield { from: workflowId, kind: 'history', history, runId };
    }
  }
}

async function saveHistory(
  folder: string,
  { workflowId, runId, history }: { workflowId: string; runId: string; history: History },
): Promise<void> {
  // Ids may hold what names of files may not; the run's id keeps them apart.
  const name = workflowId.replace(/[^A-Za-z0-9_.-]+/g, '-').slice(0, 120);
  await writeFile(
    join(folder, `${name}.${runId}.json`),
    `${JSON.stringify(historyToJson(history), null, 1)}\n`,
  );
}

function unlessGone(error: unknown): undefined {
  if (!(error instanceof WorkflowNotFoundError)) throw error;
}
