import type { Message } from '../agents/message.js';
import { inputPlaces, isSummary, shownOf, startOf, type ShownMessage, type View } from '../agents/view.js';
import { cutsOf } from './plan-view.js';

/**
 * Places up to which a summariser takes a conversation at once, as much of it as fits: it goes on from the summary of the part before.
 * A piece that cannot be parted may be more.
 * @param to where what is to be summed up ends
 * @param fits whether a summariser can be shown so much
 */
export function summaryParts(
  messages: readonly Message[],
  { view, to, fits }: { view: View | undefined; to: number; fits(shown: readonly ShownMessage[]): boolean },
): number[] {
  const parts: number[] = [];
  let from = view ? startOf(messages, view.from) : 0;
  let before = view;
  while (from < to) {
    const start = from;
    const seen = before;
    const ends = [...cutsOf(messages).filter((place) => place > start && place < to), to];
    const fitting = ends.findLast((end) =>
      fits(shownOf(messages.slice(0, end), seen && withoutSummary(seen))),
    );
    from = fitting ?? ends[0] ?? to;
    before = { ...before, from };
    parts.push(from);
  }
  return parts;
}

/**
 * Where a part that is too long for a summariser is split, in the middle by size; undefined where it cannot be parted.
 * @param messages the part, and last what the summariser is asked
 * @param sizeOf how much a message counts
 */
export function splitPlace(
  messages: readonly Message[],
  view: View | undefined,
  sizeOf: (message: Message) => number,
): number | undefined {
  const ask = inputPlaces(messages)?.[1] ?? messages.length;
  const end = isSummary(messages[ask - 1]) && view?.summary === ask - 1 ? ask - 1 : ask;
  const start = view ? startOf(messages, view.from) : 0;
  const size = (from: number, to: number) =>
    messages.slice(from, to).reduce((sum, message) => sum + sizeOf(message), 0);
  const uneven = (place: number) => Math.abs(size(start, place) - size(place, end));
  const places = cutsOf(messages).filter((place) => place > start && place < end);
  return places.sort((a, b) => uneven(a) - uneven(b))[0];
}

/** It stands elsewhere in what the summariser is shown, and room is left for it. */
function withoutSummary({ summary: _, ...view }: View): View {
  return view;
}
