/** The job that all contenders do: so many turns of one model call and one tool call, and a final answer. */
export interface Job {
  turns: number;
  /** Bytes of a tool's result. */
  resultBytes: number;
  /** Agents that do it at once in one run. */
  agents: number;
  /** Milliseconds that the model takes. Default 0. */
  modelMs?: number;
}

export const ANSWER_BYTES = 400;

export interface ChatMessage {
  role: 'user' | 'assistant' | 'tool';
  content: string;
}
