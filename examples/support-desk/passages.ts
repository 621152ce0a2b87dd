/** A passage longer than this, in characters, is split: an article of ordinary length stays whole. */
const MAX_CHARS = 1500;

/**
 * Cuts a text into passages of at most `MAX_CHARS`, at the ends of paragraphs where there are some, else of sentences,
 * else anywhere.
 */
export function passagesOf(text: string): string[] {
  const passages: string[] = [];
  for (const block of text.split(/\n\s*\n/).flatMap((paragraph) => fitting(paragraph.trim()))) {
    const last = passages.at(-1);
    if (last !== undefined && last.length + block.length + 2 <= MAX_CHARS)
      passages[passages.length - 1] = `${last}\n\n${block}`;
    else if (block !== '') passages.push(block);
  }
  return passages;
}

function fitting(paragraph: string): string[] {
  if (paragraph.length <= MAX_CHARS) return [paragraph];
  const head = paragraph.slice(0, MAX_CHARS);
  const sentence = head.search(/[.!?\n][^.!?\n]*$/);
  const at = sentence > MAX_CHARS / 2 ? sentence + 1 : MAX_CHARS;
  return [head.slice(0, at).trim(), ...fitting(paragraph.slice(at).trim())];
}
