import { defineTool } from 'batonjs/agents';
import { z } from 'zod';
import { knowledge } from './knowledge.js';
import { findOrderOf, ordersOf } from './orders.js';

const PASSAGES = 5;

export const Passage = z.object({
  id: z.string().describe('Id of the article'),
  title: z.string().describe('Title of the article'),
  text: z.string().describe('What the article says about it, word for word'),
});

/** Full-text search over the knowledge base. */
export const searchKnowledge = defineTool({
  description: 'Searches the support articles and gives the passages that have most to do with the query',
  input: z.object({ query: z.string().min(1).max(2000).describe('A few words that the article would use') }),
  output: z.object({ passages: z.array(Passage) }),
  effect: 'read',
  run: async ({ query }) => ({ passages: (await knowledge()).search(query, PASSAGES) }),
});

/** The whole of one article. */
export const readArticle = defineTool({
  description: 'Reads a whole support article that a search has found',
  input: z.object({ id: z.string().min(1).describe('Id of the article, as the search gave it') }),
  effect: 'read',
  run: async ({ id }) => {
    const article = (await knowledge()).read(id);
    if (!article) throw new Error(`there is no article "${id}"; search first`);
    return { id, title: article.title, text: article.content };
  },
});

/** Opens an order only to its owner, so that no text can make an agent tell of another customer's. */
export const findOrder = defineTool({
  description: 'Finds an order by its number, for the sender of the ticket',
  input: z.object({
    orderId: z.string().min(1).max(50).describe('Order number, such as S-10001'),
    email: z.string().min(1).max(320).describe("The sender's e-mail address"),
  }),
  effect: 'read',
  run: async ({ orderId, email }) => {
    const found = await findOrderOf(email, orderId);
    if (found.kind === 'found') return { order: found.order };
    const problem =
      found.kind === 'unknown' ? 'There is no such order.' : 'The order belongs to another e-mail address.';
    return { orderId, problem };
  },
});

/** For tickets that name no order. */
export const ordersByEmail = defineTool({
  description: 'Lists the orders of the sender of the ticket, the newest first',
  input: z.object({ email: z.string().min(1).max(320).describe("The sender's e-mail address") }),
  effect: 'read',
  run: async ({ email }) => ({ orders: await ordersOf(email) }),
});
