import { defineTool } from 'batonjs/agents';
import { z } from 'zod';
import { library } from './library.js';

const PASSAGES = 5;
/** More of an article than this, in characters, is not read at once. */
const READ_CHARS = 20_000;

const source = z.string().min(1).describe('The article, as the search named it');

/** Full-text search over the articles. */
export const searchArticles = defineTool({
  description: 'Searches the articles and gives the passages that have most to do with the query',
  input: z.object({ query: z.string().min(1).max(2000).describe('A few words that the article would use') }),
  output: z.object({ passages: z.array(z.object({ source, title: z.string(), text: z.string() })) }),
  effect: 'read',
  run: async ({ query }) => ({ passages: (await library()).search(query, PASSAGES) }),
});

/** One article, with its dates. */
export const readArticle = defineTool({
  description: 'Reads a whole article that a search has found',
  input: z.object({ source }),
  output: z.object({
    source,
    title: z.string(),
    text: z.string(),
    updated: z.string().optional(),
    supersededBy: z.string().optional().describe('The article that took its place'),
    cut: z.boolean().describe('Whether the article goes on after this'),
  }),
  effect: 'read',
  run: async ({ source }) => {
    const article = (await library()).read(source);
    if (!article) throw new Error(`there is no article "${source}"; search first`);
    return { ...article, text: article.text.slice(0, READ_CHARS), cut: article.text.length > READ_CHARS };
  },
});
