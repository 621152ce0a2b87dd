const encoder = new TextEncoder();

/** Bytes of a value as JSON in UTF-8: its size in a payload. */
export function byteLength(value: unknown): number {
  return encoder.encode(JSON.stringify(value) ?? '').length;
}
