import type { SpanOf } from '../trace/trace.js';

type View = SpanOf<'compaction'>['view'];

/** A compaction in words: how much shorter the request is, and what is left out of it from then on. */
export function compactionText(span: SpanOf<'compaction'>): string {
  const { tokens, rejected, before, view, summariser, split } = span;
  const why = rejected ? ', as the provider said that it is too long' : '';
  const left =
    view.from > (before?.from ?? 0)
      ? [`messages ${before?.from ?? 0} to ${view.from - 1} ${leftOut(summariser)}`]
      : [];
  const results =
    (view.results ?? 0) > Math.max(before?.results ?? 0, view.from)
      ? [`results up to message ${(view.results ?? 0) - 1} left out`]
      : [];
  if (split) return `${tokens.before} tokens: split in two${why}`;
  const cut = view.cut === undefined ? [] : [`messages cut to ${view.cut} characters`];
  return `${tokens.before} → ${tokens.after} tokens${why}: ${[...left, ...results, ...cut].join(', ')}`;
}

/** What a model was shown of a conversation, in words. Messages are counted from 0, as in the transcript. */
export function viewText(view: View, length: number): string {
  const { from, results = 0, summary, input } = view;
  const also = [
    ...(input ? [`the input at ${input[0] === input[1] ? input[0] : input.join(' to ')}`] : []),
    ...(summary === undefined ? [] : [`the summary at ${summary}`]),
  ];
  return [
    `messages ${from} to ${length - 1}`,
    ...(from > 0 ? ['those that are pinned', ...also] : also),
    ...(results > from ? [`results up to ${results - 1} as one line`] : []),
  ].join(', ');
}

function leftOut(summariser: string | undefined): string {
  return summariser === undefined ? 'left out' : `summed up by ${summariser}`;
}
