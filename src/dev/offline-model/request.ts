/** What this model reads of a chat-completions request; all the rest is ignored. */
export interface ModelRequest {
  messages: ModelMessage[];
  tools?: OfferedTool[];
  tool_choice?: unknown;
  response_format?: { type: string; [key: string]: unknown };
}

export interface ModelMessage {
  role: string;
  content: string | { type: string; text?: string }[] | null;
  tool_calls?: { id: string; function: { name: string; arguments: string } }[];
  tool_call_id?: string;
}

export interface OfferedTool {
  function: { name: string; description?: string; parameters?: object };
}

/** The text of a message, whatever form it has. */
export function textOf({ content }: ModelMessage): string {
  if (typeof content === 'string') return content;
  return Array.isArray(content) ? content.map((part) => part.text ?? '').join('\n') : '';
}

/** Whether a tool's answer is an error, which nothing is to be learnt from. */
export function isErrorText(text: string): boolean {
  return /^\W*error\b/i.test(text);
}

export function isInstruction({ role }: ModelMessage): boolean {
  return role === 'system' || role === 'developer';
}

/**
 * The name of the tool that a result came from. Ids of calls repeat, so the last call with the id before the
 * result counts.
 */
export function toolBehind(result: ModelMessage, messages: readonly ModelMessage[]): string | undefined {
  for (let place = messages.indexOf(result) - 1; place >= 0; place -= 1) {
    const call = messages[place]?.tool_calls?.find(({ id }) => id === result.tool_call_id);
    if (call) return call.function.name;
  }
  return undefined;
}
