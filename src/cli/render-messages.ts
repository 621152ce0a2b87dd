import type { Json } from '../agents/json.js';
import type { Message } from '../agents/message.js';
import type { Span } from '../trace/trace.js';
import { viewText } from './render-view.js';
import { oneLine, textOf } from './render-span.js';

/** Characters of one message or value that are shown. */
const MAX_CHARACTERS = 2000;

/** What was said and given in a span, line by line; long texts are cut. */
export function messageLinesOf(span: Span): string[] {
  switch (span.kind) {
    case 'turn':
      return [
        ...(span.shown ? [`shown: ${viewText(span.shown.view, span.shown.length)}`] : []),
        ...span.given.flatMap(messageLines),
        ...(span.message ? messageLines(span.message) : []),
      ];
    case 'tool':
      return [...valueLines('arguments', span.input), ...valueLines('result', span.output)];
    case 'approval':
      return valueLines('details', span.request.details);
    case 'child':
      return [...valueLines('input', span.input), ...valueLines('output', span.output)];
    case 'activity':
    case 'update':
      return [
        ...span.input.flatMap((value) => valueLines('input', value)),
        ...valueLines('output', span.output),
      ];
    case 'signal':
      return span.input.flatMap((value) => valueLines('input', value));
    default:
      return [];
  }
}

export function messageLines(message: Message): string[] {
  if (message.role !== 'assistant') return valueLines(message.role, message.content);
  const calls = (message.calls ?? []).flatMap((call) => valueLines(`call ${call.tool}`, call.arguments));
  return [...valueLines('assistant', message.text), ...valueLines('refusal', message.refusal), ...calls];
}

function valueLines(label: string, value: Json | undefined): string[] {
  if (value === undefined || value === null) return [];
  const text = textOf(value);
  const cut = text.length > MAX_CHARACTERS ? `${text.slice(0, MAX_CHARACTERS)}…` : text;
  return cut.split('\n').map((line, i) => `${i === 0 ? `${label}: ` : '  '}${oneLine(line)}`);
}
