import type { Client } from '@temporalio/client';

export interface ListedRun {
  workflowId: string;
  runId: string;
  /** Name of the orchestration. */
  type: string;
}

const PAGE = 100;

/**
 * The newest runs of each orchestration that a filter finds, children and the runs of a chain among them.
 * @param query Temporal's list filter
 * @param limit how many of each
 */
export async function* newestRuns(
  client: Client,
  query: string,
  limit: number,
): AsyncGenerator<ListedRun, void> {
  const taken = new Map<string, number>();
  const seen = new Set<string>();
  // Where there is enough of one orchestration its runs are left out of the question, as there may be a million of them.
  for (let more = true; more;) {
    more = false;
    const full = [...taken].filter(([, count]) => count >= limit).map(([type]) => type);
    const filter = [query, ...full.map((type) => `WorkflowType != ${quote(type)}`)].join(' AND ');
    for await (const run of listRuns(client, filter)) {
      if (seen.has(run.runId)) continue;
      const count = taken.get(run.type) ?? 0;
      if (count >= limit) {
        more = true;
        break;
      }
      seen.add(run.runId);
      taken.set(run.type, count + 1);
      yield run;
    }
  }
}

/** A value as it stands in a list filter. */
export function quote(value: string): string {
  return `"${value.replace(/["\\]/g, '\\$&')}"`;
}

async function* listRuns(client: Client, query: string): AsyncGenerator<ListedRun, void> {
  const { namespace } = client.options;
  let nextPageToken = new Uint8Array();
  do {
    const request = { namespace, query, pageSize: PAGE, nextPageToken };
    const page = await client.workflowService.listWorkflowExecutions(request);
    for (const { execution, type } of page.executions) {
      yield {
        workflowId: execution?.workflowId ?? '',
        runId: execution?.runId ?? '',
        type: type?.name ?? '',
      };
    }
    nextPageToken = new Uint8Array(page.nextPageToken);
  } while (nextPageToken.length > 0);
}
