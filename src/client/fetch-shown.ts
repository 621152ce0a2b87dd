import type { Client } from '@temporalio/client';
import { BatonError } from '../agents/failures.js';
import type { Message } from '../agents/message.js';
import { decodeHistory } from '../trace/decode-history.js';
import { shownIn } from '../trace/shown-in.js';
import { fetchHistory } from './history.js';
import { payloadDecoder } from './payloads.js';

/** What the model was shown in one turn of a run. @throws BatonError `TurnUnknown` */
export async function fetchShown(client: Client, workflowId: string, turn: string): Promise<Message[]> {
  const events = await decodeHistory(await fetchHistory(client, workflowId), payloadDecoder(client));
  const turns = shownIn(events);
  const shown = turns.get(turn);
  if (shown) return shown();
  const known = [...turns.keys()].join(', ') || 'none';
  throw new BatonError('TurnUnknown', `the run has no turn "${turn}"; it has: ${known}`);
}
