/** A JSON value as an agent is shown it: text as it is, data as JSON. */
export function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}
