/**
 * Texts that match a regular expression, shortest first. Look-arounds and back-references are skipped, so a
 * sample may fail to match: the caller checks. `grow` is how often a repetition without an upper bound is
 * repeated at least.
 */
export function samplePattern(pattern: string, grow = 0): string {
  return new Sampler(pattern, grow).alternatives();
}

const CLASSES: Record<string, string> = {
  d: '0',
  w: 'a',
  s: ' ',
  D: 'a',
  W: '-',
  S: 'a',
  n: '\n',
  t: '\t',
  r: '\r',
};
/** What a negated class or a dot may stand for: the first that the class allows. */
const COMMON = [...'a0A -_.b1B'];

class Sampler {
  readonly #pattern: string;
  readonly #grow: number;
  #at = 0;

  constructor(pattern: string, grow: number) {
    this.#pattern = pattern;
    this.#grow = grow;
  }

  /** The first alternative that is not empty, up to the end or a closing bracket. */
  alternatives(): string {
    const found = [this.#sequence()];
    while (this.#take('|')) found.push(this.#sequence());
    return found.find(Boolean) ?? '';
  }

  #sequence(): string {
    let text = '';
    while (this.#at < this.#pattern.length && !'|)'.includes(this.#peek())) {
      const atom = this.#atom();
      text += atom.repeat(this.#repetitions());
    }
    return text;
  }

  #atom(): string {
    const char = this.#next();
    if (char === '(') return this.#group();
    if (char === '[') return this.#class();
    if (char === '\\') return this.#escape();
    if (char === '.') return 'a';
    return char === '^' || char === '$' ? '' : char;
  }

  #group(): string {
    const look = /^\?(?:=|!|<=|<!)/.test(this.#pattern.slice(this.#at));
    const prefix = /^\?(?::|=|!|<=|<!|<[^>]*>)/.exec(this.#pattern.slice(this.#at));
    this.#at += prefix?.[0].length ?? 0;
    const inner = this.alternatives();
    this.#take(')');
    return look ? '' : inner;
  }

  #escape(): string {
    const char = this.#next();
    if (char === 'u' || char === 'x') {
      const code = /^\{?([0-9a-fA-F]+)\}?/.exec(
        this.#pattern.slice(this.#at, this.#at + (char === 'x' ? 2 : 8)),
      );
      const digits = code?.[1]?.slice(0, code[0].startsWith('{') ? 6 : char === 'x' ? 2 : 4) ?? '';
      this.#at += code?.[0].startsWith('{') ? digits.length + 2 : digits.length;
      return String.fromCodePoint(Number.parseInt(digits || '61', 16));
    }
    if (char === 'p' || char === 'P') {
      const property = /^\{([^}]*)\}/.exec(this.#pattern.slice(this.#at));
      this.#at += property?.[0].length ?? 0;
      return property?.[1]?.startsWith('N') ? '0' : property?.[1]?.startsWith('Lu') ? 'A' : 'a';
    }
    if (/[bB\d]/.test(char)) return '';
    return CLASSES[char] ?? char;
  }

  #class(): string {
    const start = this.#at - 1;
    const negated = this.#take('^');
    let first = '';
    for (
      let empty = true;
      this.#at < this.#pattern.length && (empty || this.#peek() !== ']');
      empty = false
    ) {
      const char = this.#next();
      const text = char === '\\' ? this.#escape() : char;
      first ||= text;
    }
    this.#take(']');
    const matcher = new RegExp(this.#pattern.slice(start, this.#at), 'u');
    return COMMON.find((char) => matcher.test(char)) ?? (negated ? '~' : first);
  }

  #repetitions(): number {
    let least = 1;
    const counted = /^\{(\d+)(,?)(\d*)\}/.exec(this.#pattern.slice(this.#at));
    if (counted) {
      this.#at += counted[0].length;
      least = Number(counted[1]);
      if (counted[2])
        least = Math.min(Math.max(least, this.#grow), counted[3] ? Number(counted[3]) : Infinity);
    } else if (this.#take('*')) least = this.#grow;
    else if (this.#take('+')) least = Math.max(1, this.#grow);
    else if (this.#take('?')) least = Math.min(1, this.#grow);
    this.#take('?');
    return least;
  }

  #peek(): string {
    return this.#pattern[this.#at] ?? '';
  }

  #next(): string {
    const char = this.#peek();
    this.#at += 1;
    return char;
  }

  #take(char: string): boolean {
    if (this.#peek() !== char) return false;
    this.#at += 1;
    return true;
  }
}
