export interface Parsed {
  /** The JSON objects and arrays in the text, in order. */
  values: unknown[];
  /** What is left of the text without them. */
  prose: string;
}

/** A text with more opening brackets than this that open no JSON is taken for prose. */
const MAX_ATTEMPTS = 200;

/**
 * Takes the JSON objects and arrays out of a text: the whole text, or blocks in the middle of prose. Numbers in
 * square brackets amid prose are a reference, not JSON.
 */
export function parseEmbedded(text: string): Parsed {
  const values: unknown[] = [];
  let prose = '';
  let at = 0;
  for (let attempts = 0; attempts < MAX_ATTEMPTS; attempts += 1) {
    const start = indexOfBracket(text, at);
    if (start < 0) break;
    const end = matchingBracket(text, start);
    const block = end < 0 ? '' : text.slice(start, end + 1);
    const value = block === text.trim() || !/^\[[\d\s,.]*\]$/.test(block) ? parse(block) : undefined;
    if (value === undefined) {
      prose += text.slice(at, start + 1);
      at = start + 1;
    } else {
      values.push(value);
      prose += `${text.slice(at, start)} `;
      at = end + 1;
    }
  }
  return { values, prose: (prose + text.slice(at)).replace(/```\w*/g, ' ').trim() };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function indexOfBracket(text: string, from: number): number {
  for (let index = from; index < text.length; index += 1) {
    if (text[index] === '{' || text[index] === '[') return index;
  }
  return -1;
}

function matchingBracket(text: string, start: number): number {
  let depth = 0;
  let quoted = false;
  for (let index = start; index < text.length; index += 1) {
    const char = text[index];
    if (quoted) {
      if (char === '\\') index += 1;
      else if (char === '"') quoted = false;
    } else if (char === '"') quoted = true;
    else if (char === '{' || char === '[') depth += 1;
    else if (char === '}' || char === ']') {
      depth -= 1;
      if (depth === 0) return index;
    }
  }
  return -1;
}
