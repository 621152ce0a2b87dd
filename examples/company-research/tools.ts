import { defineTool } from 'batonjs/agents';
import { z } from 'zod';
import { filingsFor, of, searchIn } from './filing.js';
import { sources } from './sources.js';

const PASSAGES = 8;
const FIGURES = 8;
const ITEMS = 8;
/** All PDF files of a folder are read at the first search in it, some 0.4 s each. */
const READING_TIME = '3 minutes';

const company = z.string().min(1).max(200).describe('Name or ticker of the company');
const query = z.string().min(1).max(1000).describe('A few words that the source would use');
const period = z
  .string()
  .max(50)
  .nullable()
  .describe('A quarter or year, such as "Q2 2023", or "latest"; null for all');
const url = z.string().nullable();

/** Passages of filings, whichever source they are from. */
export const searchFilings = defineTool({
  description: "Searches a company's filings and gives the passages that have most to do with the query",
  input: z.object({ company, query, period }),
  output: z.object({
    passages: z.array(
      z.object({
        id: z.string().describe('Id of the filing'),
        company: z.string(),
        period: z.string(),
        page: z.number(),
        section: z.string(),
        url,
        text: z.string(),
      }),
    ),
  }),
  effect: 'read',
  timeout: READING_TIME,
  run: async (asked, { signal }) => {
    const filings = filingsFor(await sources().filings.filingsOf(asked.company, signal), asked);
    return { passages: await searchIn(filings, asked, PASSAGES, signal) };
  },
});

/** Single figures: rows of statements in files, XBRL facts at the SEC. */
export const findFigures = defineTool({
  description: "Finds figures that a company's filings report, by what they are called there",
  input: z.object({ company, query, period }),
  output: z.object({
    figures: z.array(
      z.object({
        id: z.string().describe('Id of the filing'),
        company: z.string(),
        period: z.string(),
        page: z.number().nullable(),
        label: z.string(),
        url,
        text: z.string(),
      }),
    ),
  }),
  effect: 'read',
  timeout: READING_TIME,
  run: async (asked, { signal }) => ({
    figures: await sources().filings.figures(asked, FIGURES, signal),
  }),
});

/** The whole of one page. */
export const readFilingPage = defineTool({
  description: 'Reads a whole page of a filing that a search has found',
  input: z.object({
    id: z.string().min(1).describe('Id of the filing, as the search gave it'),
    page: z.number().int().min(1).describe('Number of the page, as the search gave it'),
  }),
  effect: 'read',
  timeout: READING_TIME,
  run: async ({ id, page }, { signal }) => {
    const filing = await sources().filings.filing(id, signal);
    if (!filing) throw new Error(`there is no filing "${id}"; search first`);
    const { pages } = await filing.open(signal);
    const text = pages[page - 1];
    if (text === undefined) throw new Error(`the filing "${id}" has ${pages.length} pages`);
    return { ...of(filing), page, text };
  },
});

const Item = z.object({
  id: z.string(),
  date: z.string().nullable(),
  by: z.string().nullable(),
  title: z.string().nullable(),
  url,
  text: z.string(),
});

export const searchNews = defineTool({
  description: 'Searches news articles about a company',
  input: z.object({ company, query }),
  output: z.object({ articles: z.array(Item) }),
  effect: 'read',
  run: async (asked, { signal }) => ({ articles: await sources().news.search(asked, ITEMS, signal) }),
});

export const searchPosts = defineTool({
  description: 'Searches what people post about a company',
  input: z.object({ company, query }),
  output: z.object({ posts: z.array(Item) }),
  effect: 'read',
  run: async (asked, { signal }) => ({ posts: await sources().posts.search(asked, ITEMS, signal) }),
});
