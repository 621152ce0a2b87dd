const BLOCK = /<\/?(?:p|div|br|hr|tr|table|h[1-6]|li|ul|ol|section)\b[^>]*>/gi;
const CELL = /<\/t[dh]\s*>/gi;
const HIDDEN = /<(script|style|head|ix:header)\b[\s\S]*?<\/\1\s*>|<!--[\s\S]*?-->/gi;

const ENTITIES: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  ndash: '–',
  mdash: '—',
  lsquo: '‘',
  rsquo: '’',
  ldquo: '“',
  rdquo: '”',
  hellip: '…',
  bull: '•',
  euro: '€',
  pound: '£',
};

/** What HTML says, on one line. */
export function plainText(html: string): string {
  return textOfHtml(html).replace(/\s+/g, ' ').trim();
}

/** What HTML says, a line for each paragraph and row, the columns of a table two spaces apart. */
export function textOfHtml(html: string): string {
  return decode(
    html
      .replace(HIDDEN, ' ')
      .replace(/\s+/g, ' ')
      .replace(BLOCK, '\n')
      .replace(CELL, '\t')
      .replace(/<[^>]+>/g, ''),
  )
    .split('\n')
    .map((line) =>
      line
        .replace(/[\s\u00a0]*\t[\s\u00a0]*/g, '  ')
        .replace(/\u00a0/g, ' ')
        .trim(),
    )
    .join('\n')
    .replace(/([$€£(]) +(?=[\d(.])/g, '$1')
    .replace(/(?<=\d) +(?=[)%])/g, '')
    .replace(/ {3,}/g, '  ')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

function decode(text: string): string {
  return text.replace(/&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi, (whole, decimal, hex, name) => {
    const code = decimal ? Number(decimal) : hex ? Number.parseInt(String(hex), 16) : undefined;
    if (code !== undefined) return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    return ENTITIES[String(name).toLowerCase()] ?? whole;
  });
}
