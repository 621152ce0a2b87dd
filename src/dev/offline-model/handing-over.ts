import { HANDOFF_NOTE } from '../../agents/names.js';
import { textOf, type ModelMessage } from './request.js';
import { words } from './words.js';

const VERBS = new Set(['transfer', 'hand', 'delegate', 'route', 'escalate', 'forward']);
const TO = new Set(['to', 'over', 'off']);

/** Whether a function hands the conversation over to somebody else, by its name. Its result tells nothing of the matter. */
export function isHandOff(name: string): boolean {
  const [verb = '', next = ''] = words(name);
  return verb === 'handoff' || (VERBS.has(verb) && TO.has(next));
}

/** Whether somebody else has handed the conversation over, since the user spoke: whoever has it now is meant to answer. */
export function isHandedOver(messages: readonly ModelMessage[]): boolean {
  const since = messages.slice(messages.findLastIndex(({ role }) => role === 'user'));
  return (
    since.some(({ tool_calls: calls }) => calls?.some(({ function: { name } }) => isHandOff(name))) ||
    messages.some((message) => message.role === 'user' && textOf(message).startsWith(HANDOFF_NOTE))
  );
}
