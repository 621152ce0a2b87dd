import type { Message } from '../agents/message.js';
import { shownOf, startOf, type ShownMessage, type View } from '../agents/view.js';
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

/** It stands elsewhere in what the summariser is shown, and room is left for it. */
function withoutSummary({ summary: _, ...view }: View): View {
  return view;
}
