/** An answer of the model. */
export type Answer =
  /** The model's text. */
  | string
  | (Said & {
      /** What the model thought before: an item of its own in the Responses API, where it comes back encrypted as just this. */
      reasoning?: string;
    });

type Said =
  /** The model's text, with the reason why it ended, such as `length` or `content_filter`. */
  | { text: string; finish?: string }
  /** The model's text, as JSON. */
  | { json: unknown }
  /** Tool calls, run at once; `text` beside them. */
  | { calls: { tool: string; args?: unknown }[]; text?: string; finish?: string }
  | { refusal: string };

/** What the model server does. An answer comes as a stream where the request wants one. */
export type Reply =
  | Answer
  /** Any status, headers and body, such as a 429 with `retry-after`; a body of text goes out as it is. */
  | { status: number; headers?: Record<string, string>; body?: unknown }
  /** Nothing, or the headers, or the headers and the start of a body, and then silence, until the client hangs up. */
  | { hang: true | 'headers' | 'body' }
  /** The connection is reset. */
  | { reset: true }
  /**
   * An answer without its end, and what comes instead: the body just ends, falls silent, the connection is reset, or,
   * in a stream, an error comes. Of a stream nothing else is missing than the reason why it ended, the usage and the end
   * mark: tool calls are whole.
   */
  | { cut: Answer; then: 'end' | 'silence' | 'reset' | { error: unknown } }
  /**
   * A stream piece by piece: an object goes out as `data: {...}`, a text as it is. Nothing is added, so the end mark is
   * a piece as well: `'data: [DONE]\n\n'`. `every`: milliseconds between two pieces.
   */
  | { stream: (object | string)[]; every?: number };
