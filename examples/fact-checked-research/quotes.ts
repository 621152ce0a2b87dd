/** So much of the text before and after a quote is its passage, in characters. */
const AROUND = 500;
/** Fewer words than these stand in any text. */
const LEAST_WORDS = 3;

/**
 * The passage of a text in which a quote stands word for word; undefined where it does not. Line breaks, Markdown's marks and
 * the form of quotation marks and dashes make no difference.
 */
export function passageAround(quote: string, text: string): string | undefined {
  if ((quote.match(/[\p{L}\p{N}]+/gu) ?? []).length < LEAST_WORDS) return undefined;
  for (const form of [squeezed, plain]) {
    const whole = form(text);
    const wanted = form(quote);
    const at = placeOf(wanted, whole);
    if (at !== undefined) return window(whole, at, at + wanted.length);
  }
  return undefined;
}

/** Where one text stands in another, from the start of a word to the end of one: "made 8" is not in "made 81 percent". */
function placeOf(wanted: string, text: string): number | undefined {
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) {
    const edges = [
      text.slice(Math.max(0, at - 1), at + 1),
      text.slice(at + wanted.length - 1, at + wanted.length + 1),
    ];
    if (!edges.some((edge) => /^[\p{L}\p{N}]{2}/u.test(edge))) return at;
  }
  return undefined;
}

/** The figures of a text that another lacks, such as "1,150"; how thousands are set apart makes no difference. */
export function figuresMissing(text: string, from: string): string[] {
  const known = new Set(figuresIn(from).map(bare));
  return [...new Set(figuresIn(text))].filter((figure) => !known.has(bare(figure)));
}

function figuresIn(text: string): string[] {
  return text.match(/\d+(?:[.,]\d+)*/g) ?? [];
}

function bare(figure: string): string {
  return figure.replace(/,(?=\d{3}(?!\d))/g, '');
}

function window(text: string, start: number, end: number): string {
  const from = Math.max(0, start - AROUND);
  const head = text.slice(from, start).replace(from > 0 ? /^\S*\s/ : '', '');
  const tail = text.slice(end, end + AROUND);
  return head + text.slice(start, end) + (end + AROUND < text.length ? tail.replace(/\s\S*$/, '') : tail);
}

function squeezed(text: string): string {
  return text.replace(/[“”„]/g, '"').replace(/[‘’]/g, "'").replace(/[‐-―]/g, '-').replace(/\s+/g, ' ').trim();
}

function plain(text: string): string {
  const unmarked = text
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/^[ \t]*(?:#+|[-*+>]|\d+\.)[ \t]+/gm, '')
    .replace(/[*_`\\]/g, '');
  return squeezed(unmarked);
}
