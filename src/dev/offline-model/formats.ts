interface Format {
  /** Whether a text has it. */
  test: RegExp;
  /** How to find one in a longer text. */
  find?: RegExp;
  /** One that says nothing, for when a text must have one and none is known. */
  example: string;
}

const EMAIL = String.raw`[A-Za-z0-9](?:[\w.+-]*[\w+-])?@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}`;
const UUID = String.raw`[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-8][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}`;
const DATE = String.raw`\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])`;
const TIME = String.raw`(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?`;
const URL_TEXT = String.raw`https?://[^\s"'<>()\[\]{}]*[^\s"'<>()\[\]{}.,;:!?]`;
const IPV4 = String.raw`(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)`;

function format(source: string, example: string): Format {
  return {
    test: new RegExp(`^${source}$`),
    find: new RegExp(`(?<![\\w@.-])${source}(?![\\w@])`, 'g'),
    example,
  };
}

/** Names of `format` in JSON Schema. Of those that are not here, every text has the format. */
const FORMATS: Record<string, Format> = {
  email: format(EMAIL, 'someone@example.com'),
  uuid: format(UUID, '00000000-0000-4000-8000-000000000000'),
  date: format(DATE, '2000-01-01'),
  // RFC 3339 wants an offset, zod's own schema of a time has none.
  time: format(`${TIME}(?:Z|[+-][0-2]\\d:[0-5]\\d)?`, '00:00:00Z'),
  'date-time': format(`${DATE}T${TIME}(?:Z|[+-][0-2]\\d:[0-5]\\d)`, '2000-01-01T00:00:00Z'),
  duration: { test: /^P(?=.)(?:\d+[YMWD])*(?:T(?:\d+[HMS])+)?$/, example: 'P1D' },
  uri: format(URL_TEXT, 'https://example.com/'),
  url: format(URL_TEXT, 'https://example.com/'),
  ipv4: format(IPV4, '192.0.2.1'),
  ipv6: { test: /^[0-9a-fA-F:]*:[0-9a-fA-F:]*$/, example: '2001:db8::1' },
  hostname: { test: /^[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*$/, example: 'example.com' },
  base64: { test: /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/, example: 'AAAA' },
  base64url: { test: /^[A-Za-z0-9_-]*$/, example: 'AAAA' },
  'json-string': { test: /^[[{"\d-]|^(?:true|false|null)$/, example: 'null' },
};

export function hasFormat(text: string, name: string): boolean {
  return FORMATS[name]?.test.test(text) ?? true;
}

/** All parts of a text that have the format, in order. */
export function findFormat(text: string, name: string): string[] {
  const find = FORMATS[name]?.find;
  return find ? [...text.matchAll(find)].map(([match]) => match) : [];
}

export function exampleOf(name: string): string | undefined {
  return FORMATS[name]?.example;
}
