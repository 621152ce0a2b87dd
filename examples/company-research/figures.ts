/** A number, with or without thousands marked; what is a part of a name (`Q3`, `10-Q`) is none. */
const FIGURE = /(?<![\p{L}\d.,])(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?![\d]|-\p{L})/gu;
/** Thousands, millions and billions, up and down. */
const POWERS = [0, 3, 6, 9, -3, -6, -9];

/**
 * The figures of a statement that its sources do not have. A figure may be rounded and told in another unit: a table's 94,836
 * (in millions) is "94.8 billion".
 */
export function figuresNotIn(statement: string, sources: readonly string[]): string[] {
  const known = sources.flatMap((source) => figuresIn(source).map(({ value }) => value));
  return figuresIn(statement)
    .filter(({ value, decimals }) => !known.some((other) => isRounded(other, value, decimals)))
    .map(({ written }) => written);
}

function figuresIn(text: string): { written: string; value: number; decimals: number }[] {
  return [...text.matchAll(FIGURE)].map(([written]) => {
    const plain = written.replaceAll(',', '');
    return { written, value: Number(plain), decimals: plain.split('.')[1]?.length ?? 0 };
  });
}

function isRounded(exact: number, rounded: number, decimals: number): boolean {
  // "2" is no rounding of 2,430: without decimals a figure in another unit says too little.
  const powers = decimals > 0 || rounded >= 10 ? POWERS : [0];
  return powers.some((power) => Math.abs(exact * 10 ** power - rounded) <= 0.5000001 * 10 ** -decimals);
}
