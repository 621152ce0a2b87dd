import { inSeconds } from './in-seconds.js';

export interface ServerSentEvent {
  /** Name of the event, where it has one. */
  event: string | undefined;
  data: string;
}

interface EventsOptions {
  /** Milliseconds for which no byte may come, asked anew after each piece; `Infinity` for no limit. */
  silence(): number;
}

/**
 * The events of a body, by https://html.spec.whatwg.org/multipage/server-sent-events.html. Unlike there, the last one
 * counts also without an empty line after it. Leaving the loop closes the connection.
 * @throws Error where the body fails, or falls silent
 */
export async function* serverSentEvents(
  body: ReadableStream<Uint8Array>,
  { silence }: EventsOptions,
): AsyncGenerator<ServerSentEvent, void> {
  let event: string | undefined;
  let data: string[] = [];
  for await (const line of linesOf(body, silence)) {
    if (line === '') {
      if (data.length > 0) yield { event, data: data.join('\n') };
      event = undefined;
      data = [];
    }
    const [, field, value = ''] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
    if (field === 'data') data.push(value);
    if (field === 'event') event = value;
  }
  if (data.length > 0) yield { event, data: data.join('\n') };
}

async function* linesOf(
  body: ReadableStream<Uint8Array>,
  silence: () => number,
): AsyncGenerator<string, void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await within(silence(), reader.read());
      rest += done ? decoder.decode() : decoder.decode(value, { stream: true });
      // A carriage return at the end may be the first half of a line's end.
      const lines = rest.split(done ? /\r\n|\n|\r/ : /\r\n|\n|\r(?!$)/);
      rest = lines.pop() ?? '';
      yield* lines;
      if (done) break;
    }
    if (rest !== '') yield rest;
  } finally {
    // It has failed already where this fails.
    await reader.cancel().catch(() => undefined);
  }
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  if (ms === Infinity) return work;
  let timer: NodeJS.Timeout | undefined;
  const silent = new Promise<never>((_, reject) => {
    const message = `nothing came for ${inSeconds(ms)} in the middle of the answer`;
    timer = setTimeout(() => reject(new Error(message)), ms);
  });
  try {
    return await Promise.race([work, silent]);
  } finally {
    clearTimeout(timer);
  }
}
