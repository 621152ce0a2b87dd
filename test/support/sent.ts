import type { ChatRequest } from '../../src/testing/index.js';

interface WireMessage {
  role: string;
  content?: unknown;
  tool_call_id?: string;
  tool_calls?: { id: string }[];
}

/** What a provider would look at in a request. */
export class Sent {
  readonly messages: readonly WireMessage[];

  constructor(readonly request: ChatRequest) {
    this.messages = request.messages as WireMessage[];
  }

  /** Tokens as the server counts them: a quarter of the characters of all that it is sent. */
  get tokens(): number {
    const { messages, tools } = this.request;
    return Math.ceil(JSON.stringify([messages, tools]).length / 4);
  }

  get contents(): string[] {
    return this.messages.map(({ content }) => (typeof content === 'string' ? content : ''));
  }

  get instructions(): string {
    return this.contents[0] ?? '';
  }

  has(text: string): boolean {
    return this.contents.some((content) => content.includes(text));
  }

  /** Calls without their results, and results without their call. */
  get parted(): string[] {
    const parted: string[] = [];
    let open: string[] = [];
    for (const { role, tool_call_id: id = '', tool_calls: calls = [] } of this.messages) {
      if (role === 'tool') {
        if (!open.includes(id)) parted.push(`result ${id}`);
        open = open.filter((other) => other !== id);
        continue;
      }
      parted.push(...open.map((left) => `call ${left}`));
      open = calls.map((call) => call.id);
    }
    return [...parted, ...open.map((left) => `call ${left}`)];
  }

  /** Whether it begins with all that the one before it held, as a prompt cache wants it. */
  goesOnFrom(before: Sent): boolean {
    return (
      JSON.stringify(this.request.tools) === JSON.stringify(before.request.tools) &&
      before.messages.every(
        (message, place) => JSON.stringify(message) === JSON.stringify(this.messages[place]),
      )
    );
  }
}
