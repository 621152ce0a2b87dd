import { library } from './library.js';
import { passageAround } from './quotes.js';

/** A quote, and the article that it is said to be from. */
export interface Quotation {
  source: string;
  quote: string;
}

/** What is longer, in characters, is no quote: of a whole article every claim could be said to follow. */
const QUOTE_CHARS = 1000;

/** What the articles say of a quotation. */
export type Opened =
  /** It stands there: `passage` is what stands around it. */
  { ok: true; title: string; passage: string } | { ok: false; problem: string };

/** Looks quotations up in the articles themselves, whatever an agent says of them; in their order. */
export async function openQuotations(quotations: Quotation[]): Promise<Opened[]> {
  const articles = await library();
  return quotations.map(({ source, quote }) => {
    const article = articles.read(source);
    if (!article) return { ok: false, problem: `There is no article "${source}".` };
    if (quote.length > QUOTE_CHARS) return { ok: false, problem: 'It is too long for a quote.' };
    const passage = passageAround(quote, article.text);
    if (passage === undefined)
      return { ok: false, problem: `"${source}" does not say, word for word: "${quote}"` };
    const { title, supersededBy } = article;
    if (supersededBy !== undefined)
      return { ok: false, problem: `"${source}" is out of date: "${supersededBy}" took its place.` };
    return { ok: true, title, passage };
  });
}
