/** The most that something can come to. A number that is not known, or has no bound, is `Infinity`, and `open` says why. */
export interface Bounds {
  turns: number;
  /** Of the turns, and of those that are taken again by another model. */
  modelCalls: number;
  /** US dollars. */
  usd: number;
  /** Model and tool calls at the same time. */
  atOnce: number;
  /** Child workflows. */
  children: number;
  open: readonly string[];
  /** Tools that write, without people having to agree, by agent. */
  writes: readonly string[];
}

export const NOTHING: Bounds = {
  turns: 0,
  modelCalls: 0,
  usd: 0,
  atOnce: 0,
  children: 0,
  open: [],
  writes: [],
};

/** One after the other. */
export function inSequence(...all: readonly Bounds[]): Bounds {
  return {
    turns: sum(all.map(({ turns }) => turns)),
    modelCalls: sum(all.map(({ modelCalls }) => modelCalls)),
    usd: sum(all.map(({ usd }) => usd)),
    atOnce: Math.max(0, ...all.map(({ atOnce }) => atOnce)),
    children: sum(all.map(({ children }) => children)),
    ...said(all),
  };
}

/** One of them, whichever comes to the most. */
export function anyOf(all: readonly Bounds[]): Bounds {
  const most = (of: (bounds: Bounds) => number) => Math.max(0, ...all.map(of));
  return {
    turns: most(({ turns }) => turns),
    modelCalls: most(({ modelCalls }) => modelCalls),
    usd: most(({ usd }) => usd),
    atOnce: most(({ atOnce }) => atOnce),
    children: most(({ children }) => children),
    ...said(all),
  };
}

/** The same so many times, so many of them at the same time. */
export function repeated(bounds: Bounds, times: number, atOnce = 1): Bounds {
  if (times === 0) return NOTHING;
  return {
    ...bounds,
    turns: bounds.turns * times,
    modelCalls: bounds.modelCalls * times,
    usd: bounds.usd * times,
    atOnce: bounds.atOnce * Math.min(atOnce, times),
    children: bounds.children * times,
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function said(all: readonly Bounds[]): Pick<Bounds, 'open' | 'writes'> {
  const distinct = (lists: (readonly string[])[]) => [...new Set(lists.flat())];
  return { open: distinct(all.map(({ open }) => open)), writes: distinct(all.map(({ writes }) => writes)) };
}
