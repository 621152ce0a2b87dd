import { AnswerError } from './answer-error.js';
import { isObject } from './json-schema.js';
import { serverSentEvents } from './server-sent-events.js';

/** The connection can be used again where its end is read. Some servers keep it open after the answer. */
const END_MS = 1000;
/** The events that end a response carry the whole of it. */
const ENDS = ['response.completed', 'response.incomplete', 'response.failed', 'response.cancelled'];

/**
 * The response that a stream of events ends with, in the form of one that comes whole.
 * @param silence milliseconds for which no byte may come in the middle of a text or a call; a model that reasons sends nothing
 * meanwhile
 * @throws AnswerError where the stream says that it failed, or stops before the answer's end
 */
export async function responsesStream(body: ReadableStream<Uint8Array>, silence: number): Promise<object> {
  const response = new StreamedResponse();
  const limit = () => (response.whole ? END_MS : response.inItem ? silence : Infinity);
  try {
    for await (const { event, data } of serverSentEvents(body, { silence: limit })) {
      if (!response.whole && data.trim() !== '[DONE]') response.add(event, JSON.parse(data));
    }
  } catch (error) {
    if (!response.whole) throw error;
  }
  if (!response.whole) throw new AnswerError({ message: 'the stream stopped before the end of the answer' });
  return response.whole;
}

/** A response as far as it has come. */
class StreamedResponse {
  /** Set at the end. */
  whole: object | undefined;
  /** Whether a text or a call has begun and is not over. */
  inItem = false;
  private readonly items: unknown[] = [];

  /** @throws AnswerError where the event is an error */
  add(event: string | undefined, data: unknown): void {
    if (!isObject(data)) return;
    const { error } = data;
    const type = typeof data.type === 'string' ? data.type : (event ?? '');
    // OpenAI sends the error itself as the event; gateways put it below.
    if (type === 'error' || (error !== undefined && error !== null)) throw new AnswerError(error ?? data);
    if (type.endsWith('.delta') && !type.startsWith('response.reasoning')) this.inItem = true;
    if (type === 'response.output_item.done') {
      this.inItem = false;
      this.items.push(data.item);
    }
    if (ENDS.includes(type)) this.whole = this.end(type, data.response);
  }

  private end(type: string, response: unknown): object {
    const told = isObject(response) ? response : {};
    // Some send the items only one by one.
    const output = Array.isArray(told.output) && told.output.length > 0 ? told.output : this.items;
    return { status: type.slice('response.'.length), ...told, output };
  }
}
