const MARK = Buffer.from('{\\"turn\\":');

/** The turn after that of the last call in a request, which is not parsed: the longer the conversation, the more that would cost. */
export function nextTurn(body: Buffer): number {
  const at = body.lastIndexOf(MARK);
  return at < 0 ? 0 : parseInt(body.subarray(at + MARK.length, at + MARK.length + 10).toString(), 10) + 1;
}
