/**
 * US dollars to a hundred-millionth, so that sums of many small costs stay exact and read well. This file imports
 * nothing, so that workflow code may use it.
 */
export function roundUsd(usd: number): number {
  return Math.round(usd * 1e8) / 1e8;
}
