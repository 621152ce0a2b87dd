import type { Usage } from './usage.js';

/** The tokens of both. This file imports types only, so that workflow code may use it. */
export function addUsage(a: Usage, b: Usage): Usage {
  const cached = sum(a.cached, b.cached);
  const reasoning = sum(a.reasoning, b.reasoning);
  return {
    input: a.input + b.input,
    output: a.output + b.output,
    ...(cached === undefined ? {} : { cached }),
    ...(reasoning === undefined ? {} : { reasoning }),
  };
}

function sum(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined ? b : a + (b ?? 0);
}
