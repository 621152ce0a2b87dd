/** Id of the run that plays a conversation. The tools tell by it which one they work in. */
export function runIdOf(play: string, conversation: string): string {
  return `${play}/${conversation}`;
}

export function conversationOf(runId: string): string {
  return runId.slice(runId.lastIndexOf('/') + 1);
}

/** A request that came in. */
export interface Arrival {
  conversation: string;
  /** Process of the worker that it came from. */
  pid: number;
  /** In ms. */
  at: number;
}
