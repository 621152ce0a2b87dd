import type { BatonEvent, Reached } from '../../agents/event.js';
import { deliver } from '../emit.js';

/** Delivers an event from outside. Its workflow id holds the event's, so that it is delivered once. */
export function emitEvent(event: BatonEvent): Promise<Reached[]> {
  return deliver(event);
}
