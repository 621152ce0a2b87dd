import { z } from 'zod';

/** What the desk hands back for a ticket. */
export const DeskReply = z.object({
  ticketId: z.string().optional(),
  /** The letter to the customer; empty where the ticket is closed without one. */
  reply: z.string(),
  /** US dollars that were paid back. */
  refundUsd: z.number(),
  /** Ids of the articles that the reply rests on. */
  articles: z.array(z.string()),
  /** For colleagues: what is missing, what failed, what to look at. */
  notes: z.array(z.string()),
});
export type DeskReply = z.infer<typeof DeskReply>;
