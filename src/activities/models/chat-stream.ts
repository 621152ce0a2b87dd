import { AnswerError } from './answer-error.js';
import { textOf } from './chat-answer.js';
import { isObject } from './json-schema.js';
import { serverSentEvents } from './server-sent-events.js';
import { StreamedCalls } from './streamed-calls.js';

/** The connection can be used again where its end is read. Some servers keep it open after the answer. */
const END_MS = 1000;

/**
 * What the pieces of a streamed completion come to, in the form of one that comes whole.
 * @param silence milliseconds for which no byte may come once the answer has begun; what the model takes to begin is
 * not silence, as one that reasons sends nothing meanwhile
 * @throws AnswerError where the stream says that it failed, or stops before the answer's end
 */
export async function chatStream(body: ReadableStream<Uint8Array>, silence: number): Promise<object> {
  const completion = new StreamedCompletion();
  let done = false;
  const limit = () => (done ? END_MS : completion.begun ? silence : Infinity);
  try {
    for await (const { data } of serverSentEvents(body, { silence: limit })) {
      if (done) continue;
      if (data.trim() === '[DONE]') done = true;
      else completion.add(JSON.parse(data));
    }
  } catch (error) {
    if (!done) throw error;
  }
  // Some leave out the one, some the other.
  if (!done && completion.finish === undefined) {
    throw new AnswerError({ message: 'the stream stopped before the end of the answer' });
  }
  return completion.whole();
}

/** A chat completion as far as it has come. */
class StreamedCompletion {
  /** Whether the model has said anything. */
  begun = false;
  /** Why the model stopped. */
  finish: string | undefined;
  private content = '';
  private refusal = '';
  private usage: unknown;
  private readonly calls = new StreamedCalls();

  /** @throws AnswerError where the piece is an error */
  add(chunk: unknown): void {
    if (!isObject(chunk)) return;
    const failed = chunk.error ?? (chunk.object === 'error' ? chunk : undefined); // the latter with older vLLM
    if (failed !== undefined) throw new AnswerError(failed);
    if (isObject(chunk.usage)) this.usage = chunk.usage;
    const choice: unknown = Array.isArray(chunk.choices) ? chunk.choices[0] : undefined;
    if (!isObject(choice)) return;
    if (choice.error !== undefined && choice.error !== null) throw new AnswerError(choice.error);
    // Empty in every piece with some.
    if (typeof choice.finish_reason === 'string' && choice.finish_reason !== '')
      this.finish = choice.finish_reason;
    if (isObject(choice.delta)) this.extend(choice.delta);
  }

  whole(): object {
    const message = {
      content: this.content,
      ...(this.refusal === '' ? {} : { refusal: this.refusal }),
      ...(this.calls.list.length > 0 ? { tool_calls: this.calls.list } : {}),
    };
    return { choices: [{ message, finish_reason: this.finish }], usage: this.usage };
  }

  private extend({ role: _, ...delta }: Record<string, unknown>): void {
    this.begun ||= Object.values(delta).some(saysSomething);
    this.content += textOf(delta.content);
    if (typeof delta.refusal === 'string') this.refusal += delta.refusal;
    if (Array.isArray(delta.tool_calls)) for (const call of delta.tool_calls) this.calls.add(call);
  }
}

function saysSomething(value: unknown): boolean {
  return (
    value !== null && value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0)
  );
}
