import { readArguments } from '../../agents/tool-arguments.js';
import { isObject } from './json-schema.js';
import { argumentsOf } from './read-answer.js';

interface StreamedCall {
  index: unknown;
  id: string;
  function: { name: string; arguments: string };
}

/**
 * Tool calls that come in pieces. OpenAI numbers them, and tells id and name with the first piece of each. Others leave
 * out the number, give all calls the number 0 (Gemini, older Ollama), leave out the id, or send another with each piece.
 */
export class StreamedCalls {
  readonly list: StreamedCall[] = [];

  add(piece: unknown): void {
    if (!isObject(piece)) return;
    const { name, arguments: args }: Record<string, unknown> = isObject(piece.function) ? piece.function : {};
    const call = this.callOf(piece, name) ?? this.begin(piece, name);
    call.function.arguments += argumentsOf(args);
  }

  /** The call that the piece goes on with; undefined where it begins one. */
  private callOf({ index, id }: Record<string, unknown>, name: unknown): StreamedCall | undefined {
    const named = typeof name === 'string' && name !== '';
    const identified = typeof id === 'string' && id !== '';
    if (typeof index === 'number') {
      const call = this.list.findLast((known) => known.index === index);
      return call && named && (identified ? call.id !== id : isWhole(call)) ? undefined : call;
    }
    const known = identified ? this.list.find((call) => call.id === id) : undefined;
    return known ?? (named ? undefined : this.list.at(-1));
  }

  private begin({ index, id }: Record<string, unknown>, name: unknown): StreamedCall {
    const call: StreamedCall = {
      index,
      id: typeof id === 'string' ? id : '',
      function: { name: typeof name === 'string' ? name : '', arguments: '' },
    };
    this.list.push(call);
    return call;
  }
}

function isWhole(call: StreamedCall): boolean {
  const { arguments: args } = call.function;
  return args !== '' && isObject(readArguments(args));
}
