/** Columns of a terminal that everything is laid out for. */
export const WIDTH = 100;

/** Columns of text, two spaces apart; the last is not padded. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, i) => (widths[i] = Math.max(widths[i] ?? 0, lengthOf(cell))));
  return rows.map((row) =>
    row
      .map((cell, i) => cell + ' '.repeat((widths[i] ?? 0) - lengthOf(cell)))
      .join('  ')
      .trimEnd(),
  );
}

/** The text in one line of at most `width` characters. */
export function clip(text: string, width: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= width ? line : `${line.slice(0, Math.max(0, width - 1))}…`;
}

/** The text's lines, broken between words to at most `width` characters, each after `indent`. */
export function wrap(text: string, { width, indent = '' }: { width: number; indent?: string }): string {
  const room = width - indent.length;
  const lines = text.split('\n').flatMap((line) => breakLine(line, room));
  return lines.map((line) => (indent + line).trimEnd()).join('\n');
}

function breakLine(line: string, room: number): string[] {
  if (line.length <= room) return [line];
  const space = line.lastIndexOf(' ', room);
  // A word that is longer than the line, such as a path, stays whole: it may be copied.
  const at = space > line.search(/\S/) ? space : line.indexOf(' ', room);
  return at < 0 ? [line] : [line.slice(0, at), ...breakLine(line.slice(at + 1), room)];
}

/** Visible characters: escape sequences of colours have no width. */
function lengthOf(text: string): number {
  return text.replace(/\u001b\[[0-9;]*m/g, '').length;
}

const UNITS = [
  { ms: 86_400_000, name: 'd' },
  { ms: 3_600_000, name: 'h' },
  { ms: 60_000, name: 'min' },
  { ms: 1_000, name: 's' },
];

/** Time that is left, rounded, in its two largest units, such as `1 d 23 h`. */
export function timeLeft(ms: number): string {
  const finest = UNITS[UNITS.findIndex((unit) => ms >= unit.ms) + 1] ?? { ms: 1_000 };
  const rounded = Math.round(Math.max(0, ms) / finest.ms) * finest.ms;
  const place = UNITS.findIndex((unit) => rounded >= unit.ms);
  const [large, small] = [UNITS[place], UNITS[place + 1]];
  const rest = large && small ? rounded % large.ms : 0;
  const head = duration(rounded);
  return small && rest >= small.ms ? `${head} ${duration(rest)}` : head;
}

/** A length of time in its largest whole unit, such as `3 min`. */
export function duration(ms: number): string {
  const unit = UNITS.find((candidate) => ms >= candidate.ms);
  return unit ? `${Math.floor(ms / unit.ms)} ${unit.name}` : '0 s';
}
