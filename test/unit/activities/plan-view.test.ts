import fc from 'fast-check';
import { planView, type ViewRequest } from '../../../src/activities/plan-view.js';
import type { Message } from '../../../src/agents/message.js';
import { inputPlaces, shownOf, type ShownMessage, type View } from '../../../src/agents/view.js';
import { conversations } from '../../support/random-conversation.js';

const FRAME = 50;
const sizeOf = (shown: readonly ShownMessage[]) =>
  Math.ceil((FRAME + shown.reduce((sum, { message }) => sum + JSON.stringify(message).length, 0)) / 3);

const policies = fc.record({
  dropResults: fc.boolean(),
  summary: fc.constantFrom(0, 40),
  keep: fc.integer({ min: 1, max: 5 }),
  part: fc.constantFrom(0.3, 0.5, 0.8),
});

function request(
  messages: readonly Message[],
  { part, ...policy }: { dropResults: boolean; summary: number; keep: number; part: number },
  view?: View,
  limit = Math.floor(sizeOf(shownOf(messages, view)) * 0.9),
): ViewRequest {
  return { messages, view, tokensOf: sizeOf, limit, target: limit * part, ...policy };
}

/** As the workflow appends the summary, where there is to be one. */
function withSummary(messages: readonly Message[], view: View): { messages: Message[]; view: View } {
  const summary: Message = { role: 'user', content: 'In short.', summary: true };
  return {
    messages: [...messages, summary],
    view: { ...view, summary: messages.length, summarised: view.from },
  };
}

function expectWhole(shown: readonly ShownMessage[]): void {
  let open = 0;
  for (const { message } of shown) {
    if (message.role === 'tool') {
      expect(open).toBeGreaterThan(0);
      open--;
      continue;
    }
    expect(open).toBe(0);
    if (message.role === 'assistant') open = message.calls?.length ?? 0;
  }
  expect(open).toBe(0);
}

describe('planView', () => {
  it('never parts calls from their results, and keeps what must be shown', () => {
    fc.assert(
      fc.property(conversations, policies, (messages, policy) => {
        const planned = planView(request(messages, policy));
        if (!planned) return;
        const shown = shownOf(messages, planned.view);
        expectWhole(shown);
        const places = new Set(shown.map(({ place, message }) => (messages[place] === message ? place : -1)));
        const [first, last] = inputPlaces(messages) ?? [0, -1];
        for (let place = first; place <= last; place++) expect(places).toContain(place);
        messages.forEach((message, place) => {
          if (message.role === 'user' && message.pinned) expect(places).toContain(place);
        });
        // What the model has not answered yet is word for word.
        const newest = messages.findLastIndex(({ role }) => role === 'assistant');
        for (let place = Math.max(newest, last, 0); place < messages.length; place++)
          expect(places).toContain(place);
      }),
    );
  });

  it('stays under the limit, or shows the least there is', () => {
    fc.assert(
      fc.property(
        conversations,
        policies,
        fc.double({ min: 0.1, max: 0.95, noNaN: true }),
        (messages, policy, part) => {
          const limit = Math.floor(sizeOf(shownOf(messages, undefined)) * part);
          const planned = planView(request(messages, policy, undefined, limit));
          if (!planned) return;
          expect(sizeOf(shownOf(messages, planned.view))).toBeLessThanOrEqual(planned.tokens);
          if (planned.tokens <= limit) return;
          // Nothing more can be left out: another plan from there changes nothing.
          expect(planView(request(messages, policy, planned.view, limit))).toBeUndefined();
        },
      ),
    );
  });

  it('leaves out more and more, and nothing comes back, over many turns', () => {
    fc.assert(
      fc.property(conversations, policies, (all, policy) => {
        const limit = 900;
        let view: View | undefined;
        let messages: Message[] = [];
        for (const [i, message] of all.entries()) {
          messages.push(message);
          const next = all[i + 1];
          if (next?.role === 'tool' || message.role === 'assistant') continue;
          if (sizeOf(shownOf(messages, view)) <= limit) continue;
          const planned = planView(request(messages, policy, view, limit));
          if (!planned) continue;
          expect(planned.view.from).toBeGreaterThanOrEqual(view?.from ?? 0);
          expect(planned.view.results ?? 0).toBeGreaterThanOrEqual(view?.results ?? 0);
          expect(planned.tokens).toBeLessThan(sizeOf(shownOf(messages, view)) + policy.summary);
          view = planned.view;
          if (policy.summary > 0 && planned.leavesOut) ({ messages, view } = withSummary(messages, view));
          expectWhole(shownOf(messages, view));
        }
      }),
    );
  });

  it('drops old results first, as many as take it down to the target', () => {
    const messages: Message[] = [
      { role: 'user', content: 'find all' },
      ...Array.from({ length: 10 }, (_, i): Message[] => [
        { role: 'assistant', calls: [{ tool: 'search', arguments: `{"i":${i}}` }] },
        { role: 'tool', call: 0, tool: 'search', content: 'x'.repeat(3000) },
      ]).flat(),
    ];
    const policy = { dropResults: true, summary: 0, keep: 3, part: 0.5 };
    const planned = planView(request(messages, policy, undefined, 9000));
    expect(planned).toMatchObject({ view: { from: 0, results: 15 }, leavesOut: false });
    const contents = shownOf(messages, planned?.view).flatMap(({ message }) =>
      message.role === 'tool' ? [message.content] : [],
    );
    expect(contents.slice(0, 7)).toEqual(Array(7).fill('[result of search left out: 3 KB]'));
    expect(contents.slice(7)).toEqual(Array(3).fill('x'.repeat(3000)));
  });

  it('leaves the oldest messages out where the results are not enough, and says how many', () => {
    const messages: Message[] = [
      { role: 'user', content: 'pinned', pinned: true },
      { role: 'assistant', text: 'y'.repeat(3000) },
      { role: 'user', content: 'old' },
      { role: 'assistant', text: 'y'.repeat(3000) },
      { role: 'user', content: 'input' },
    ];
    const policy = { dropResults: true, summary: 0, keep: 1, part: 0.5 };
    const planned = planView(request(messages, policy, undefined, 1200));
    const shown = shownOf(messages, planned?.view).map(
      ({ message }) => 'content' in message && message.content,
    );
    expect(shown).toEqual(['pinned', '[3 messages earlier in this conversation left out]', 'input']);
  });
});
