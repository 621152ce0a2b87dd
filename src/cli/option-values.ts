import { InvalidArgumentError } from 'commander';

/** A port, 0 to 65535. */
export function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError('A port is a number up to 65535.');
  return port;
}

/** A number above zero. */
export function parseAmount(text: string): number {
  const amount = Number(text);
  if (text.trim() === '' || !Number.isFinite(amount) || amount <= 0)
    throw new InvalidArgumentError('It is a number above 0.');
  return amount;
}

/** A whole number above zero. */
export function parseCount(text: string): number {
  const count = parseAmount(text);
  if (!Number.isInteger(count)) throw new InvalidArgumentError('It is a whole number.');
  return count;
}

/** Collects the values of an option that may be given several times. */
export function collect(value: string, earlier: string[] = []): string[] {
  return [...earlier, value];
}
