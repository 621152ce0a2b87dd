/** Shorter waits count as none: an answer of 0 to every request must not make a loop without a pause. */
const MIN_MS = 100;
/** Longer than any turn may take. */
const MAX_MS = 7 * 24 * 60 * 60 * 1000;

/**
 * Milliseconds that a provider asks to wait, from `Retry-After` (seconds or an HTTP date, RFC 9110) and
 * `Retry-After-Ms`; undefined where it says nothing of use. Azure sends `Retry-After: 1` with `Retry-After-Ms: 0`: the
 * longer holds.
 */
export function retryAfter(headers: Headers | undefined, now: number): number | undefined {
  const waits = [
    numberOf(headers?.get('retry-after-ms')),
    secondsOrDate(headers?.get('retry-after'), now),
  ].filter((wait) => wait !== undefined);
  const wait = Math.ceil(Math.max(0, ...waits));
  return wait < MIN_MS ? undefined : Math.min(wait, MAX_MS);
}

function secondsOrDate(value: string | null | undefined, now: number): number | undefined {
  if (!value) return undefined;
  const seconds = numberOf(value);
  if (seconds !== undefined) return seconds * 1000;
  // All of the RFC's date formats begin with the name of a day; Date.parse would also read "-1" as a date.
  const date = /^[A-Z]/i.test(value.trim()) ? Date.parse(value) : NaN;
  return Number.isNaN(date) ? undefined : date - now;
}

function numberOf(value: string | null | undefined): number | undefined {
  const number = value?.trim() ? Number(value) : NaN;
  return Number.isFinite(number) ? number : undefined;
}
