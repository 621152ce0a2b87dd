// Errors of the operating system and of fetch: that nothing was reached, and that what was reached stopped to answer.
const UNREACHED = ['ECONNREFUSED', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'];
const BROKEN_OFF = [
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'UND_ERR_SOCKET',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
];

/** How a connection was lost, where that is what an error says: before anything was asked, or without an answer. */
export function lostConnection(error: unknown): 'unreached' | 'brokenOff' | undefined {
  // By its fields: where code runs in a context of its own, as tests do, fetch throws errors of another one.
  if (typeof error !== 'object' || error === null) return undefined;
  const { name, code, cause } = error as { name?: unknown; code?: unknown; cause?: unknown };
  if (name === 'TimeoutError') return 'brokenOff';
  if (typeof code === 'string' && UNREACHED.includes(code)) return 'unreached';
  if (typeof code === 'string' && BROKEN_OFF.includes(code)) return 'brokenOff';
  return lostConnection(cause);
}
