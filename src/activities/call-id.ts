const WIDTHS = { transcript: 3, message: 4, call: 2 } as const;

/**
 * Id of a tool call on the wire, from its place: nine digits and letters, which every provider takes (Mistral takes no
 * other length). A provider's own id is no key: they repeat, are empty, or missing.
 */
export function callId(transcript: number, message: number, call: number): string {
  return digits(transcript, WIDTHS.transcript) + digits(message, WIDTHS.message) + digits(call, WIDTHS.call);
}

function digits(value: number, width: number): string {
  return value.toString(36).padStart(width, '0').slice(-width);
}
