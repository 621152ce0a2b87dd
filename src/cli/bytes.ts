/** A size as people read it, in steps of a thousand: `812 B`, `64.0 KB`, `5.2 MB`. */
export function bytes(count: number): string {
  const units = ['KB', 'MB', 'GB', 'TB'];
  if (count < 1000) return `${count} B`;
  let size = count / 1000;
  let unit = 0;
  for (; size >= 999.95 && unit < units.length - 1; unit++) size /= 1000;
  return `${size.toFixed(1)} ${units[unit]}`;
}
