import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { BatonError } from 'batonjs/agents';
import { z } from 'zod';
import { DeskReply } from './desk-reply.js';
import { parseTicket, Ticket } from './ticket.js';

/** What `baton demo support-desk` runs. */
export const demo = {
  title:
    'A support desk: reads a ticket, looks things up, writes and checks the reply, asks before it refunds',
  orchestration: 'supportDesk',
  defaultInput: 'T-001',

  /** Takes the folder or file of the user's own documents. */
  configure({ data }: { data?: string }): void {
    if (data === undefined) return;
    const path = resolve(data);
    if (!existsSync(path)) throw new BatonError('ConfigInvalid', `the knowledge base ${data} does not exist`);
    process.env.SUPPORT_DESK_KB = path;
  },

  async inputs() {
    const text = await readFile(new URL('./data/tickets.json', import.meta.url), 'utf8');
    return z
      .array(Ticket.required({ id: true }))
      .parse(JSON.parse(text))
      .map((ticket) => ({ id: ticket.id, title: ticket.subject, input: plain(ticket) }));
  },

  parse: (text: string) => plain(parseTicket(text)),

  /** The reply, and what colleagues are told beside it. */
  render(result: unknown): string {
    const { reply, refundUsd, articles, notes } = DeskReply.parse(result);
    return [
      reply === '' ? '(no reply is sent)' : reply,
      '',
      `Refund:   ${refundUsd === 0 ? 'none' : `$${refundUsd.toFixed(2)}`}`,
      `Articles: ${articles.join(', ') || 'none'}`,
      ...notes.map((note) => `Note:     ${note}`),
    ].join('\n');
  },
};

/** Without the keys that are not set, as JSON has it. */
function plain(ticket: Ticket): Record<string, string> {
  return Object.fromEntries(
    Object.entries(ticket).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
