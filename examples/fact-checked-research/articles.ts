import { readdir, readFile } from 'node:fs/promises';
import { basename, extname, join, posix, relative, sep } from 'node:path';
import { BatonError } from 'batonjs/agents';

/** A text that is searched and quoted. */
export interface Article {
  /** Its path below the folder, with the ending: what claims cite. */
  source: string;
  title: string;
  text: string;
  /** When it was last changed, as its front matter says. */
  updated?: string;
  /** The article that took its place, as its front matter says: this one holds no longer. */
  supersededBy?: string;
}

const ENDINGS = ['.md', '.markdown', '.txt'];

/**
 * Reads the Markdown and text files of a folder and of the folders in it. Hidden files are left out, and empty ones.
 * @throws BatonError `ConfigInvalid`
 */
export async function readArticles(folder: string): Promise<Article[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch((cause: unknown) => {
    throw new BatonError('ConfigInvalid', `the folder ${folder} cannot be read`, { cause });
  });
  const paths = entries
    .filter((entry) => entry.isFile() && ENDINGS.includes(extname(entry.name)))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((path) => !path.split(sep).some((part) => part.startsWith('.') || part === 'node_modules'))
    // One order on every machine, so that the same question finds the same passages.
    .sort();
  const articles = await Promise.all(
    paths.map(async (path) =>
      articleOf(await readFile(join(folder, path), 'utf8'), path.split(sep).join('/')),
    ),
  );
  const filled = articles.filter(({ text }) => text !== '');
  if (filled.length === 0)
    throw new BatonError(
      'ConfigInvalid',
      `the folder ${folder} holds no text in ${ENDINGS.join(', ')} files`,
    );
  return filled;
}

function articleOf(content: string, source: string): Article {
  const matter = /^\uFEFF?---\r?\n([\s\S]*?)\r?\n---(?:\r?\n|$)/.exec(content);
  const body = content.slice(matter?.[0].length ?? 0);
  const heading = /^\s*#\s+(.+?)\s*#*\s*(?:\r?\n|$)/.exec(body);
  const field = (name: string) =>
    new RegExp(`^${name}:[ \\t]*["']?(.+?)["']?[ \\t]*$`, 'm').exec(matter?.[1] ?? '')?.[1];
  const updated = field('updated');
  const successor = field('superseded-by');
  return {
    source,
    title: heading?.[1] ?? field('title') ?? basename(source, extname(source)),
    text: body.slice(heading?.[0].length ?? 0).trim(),
    ...(updated === undefined ? {} : { updated }),
    // As a link: from the folder of the article.
    ...(successor === undefined ? {} : { supersededBy: posix.join(posix.dirname(source), successor) }),
  };
}
