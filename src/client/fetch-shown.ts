import type { Client } from '@temporalio/client';
import { BatonError } from '../agents/failures.js';
import type { Message } from '../agents/message.js';
import { decodeHistory } from '../trace/decode-history.js';
import { nameTurns, turnsNamed } from '../trace/named-turns.js';
import { shownIn } from '../trace/shown-in.js';
import { fetchRuns } from './fetch-trace.js';
import { fetchHistory } from '../history/fetch-history.js';
import { payloadDecoder } from '../history/payloads.js';

/** What the model was shown in one turn of a run, or of a run below it. @throws BatonError `TurnUnknown` */
export async function fetchShown(
  client: Client,
  { id, runId }: { id: string; runId: string | undefined },
  turn: string,
): Promise<Message[]> {
  const { trace, runs } = await fetchRuns(client, id, runId, {});
  const [found, ...others] = turnsNamed(trace, turn);
  if (found === undefined)
    throw new BatonError('TurnUnknown', `the run has no turn "${turn}"; it has: ${nameTurns(trace)}`);
  if (others.length > 0)
    throw new BatonError('TurnUnknown', `several turns are "${turn}": ${[found, ...others].join(', ')}`);
  const within = runs
    .filter(({ prefix }) => found.startsWith(prefix))
    .sort((a, b) => b.prefix.length - a.prefix.length);
  for (const { workflowId, runId: part, prefix } of within) {
    const events = await decodeHistory(await fetchHistory(client, workflowId, part), payloadDecoder(client));
    const shown = shownIn(events).get(found.slice(prefix.length));
    if (shown) return shown();
  }
  throw new BatonError('TurnUnknown', `turn "${turn}" is no longer in the run's history`);
}
