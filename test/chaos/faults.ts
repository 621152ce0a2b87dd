import type { FailureCode } from '../../src/agents/failures.js';
import type { Answer, ChatRequest, Reply } from '../../src/testing/index.js';
import { BROKEN_ARGUMENTS, GARBAGE } from './walk-conversation.js';

/** A way in which a model server fails, and what Baton makes of it. */
export interface Fault {
  name: string;
  weight: number;
  code: FailureCode | 'none';
  reply: (answer: Answer) => Reply;
  /** The provider may charge for it. */
  isPaid?: true;
  /**
   * Where it may happen. `passes`: the agent goes on to its next model, so that the last one is spared; `ends`: the call fails;
   * `calls`, `json`: only in place of calls, or of an answer with a schema; `stream`: only in a stream.
   */
  only?: 'passes' | 'ends' | 'calls' | 'json' | 'stream';
}

const error = (status: number, fields: object = {}, headers: Record<string, string> = {}): Reply => ({
  status,
  headers,
  body: { error: { message: `chaos ${status}`, ...fields } },
});

/** All the ways of the failure table. */
export const FAULTS: readonly Fault[] = [
  {
    name: '429 with a wait',
    weight: 6,
    code: 'RateLimited',
    reply: () => error(429, {}, { 'retry-after': '1' }),
  },
  { name: '429', weight: 3, code: 'RateLimited', reply: () => error(429) },
  { name: '500', weight: 5, code: 'ProviderDown', reply: () => error(500) },
  {
    name: '502 with a web page',
    weight: 4,
    code: 'ProviderDown',
    reply: () => ({
      status: 502,
      headers: { 'content-type': 'text/html' },
      body: '<html>Bad gateway</html>',
    }),
  },
  {
    name: '503 with a wait',
    weight: 4,
    code: 'ProviderDown',
    reply: () => error(503, {}, { 'retry-after': '1' }),
  },
  { name: '529', weight: 2, code: 'ProviderDown', reply: () => error(529) },
  { name: '504', weight: 2, code: 'ProviderDown', isPaid: true, reply: () => error(504) },
  { name: '408', weight: 1, code: 'ProviderDown', isPaid: true, reply: () => error(408) },
  { name: '409', weight: 1, code: 'ProviderDown', reply: () => error(409) },
  { name: 'reset', weight: 6, code: 'ProviderDown', isPaid: true, reply: () => ({ reset: true }) },
  { name: 'silence', weight: 1.5, code: 'ProviderDown', isPaid: true, reply: () => ({ hang: true }) },
  {
    name: 'silence after headers',
    weight: 1,
    code: 'ProviderDown',
    isPaid: true,
    reply: () => ({ hang: 'headers' }),
  },
  {
    name: 'silence in the body',
    weight: 1,
    code: 'ProviderDown',
    isPaid: true,
    reply: () => ({ hang: 'body' }),
  },
  {
    name: 'an end too early',
    weight: 3,
    code: 'ProviderDown',
    isPaid: true,
    reply: (cut) => ({ cut, then: 'end' }),
  },
  {
    name: 'a reset too early',
    weight: 3,
    code: 'ProviderDown',
    isPaid: true,
    reply: (cut) => ({ cut, then: 'reset' }),
  },
  {
    name: 'silence in an answer',
    weight: 1,
    code: 'ProviderDown',
    isPaid: true,
    reply: (cut) => ({ cut, then: 'silence' }),
  },
  {
    name: 'an error in a stream',
    weight: 4,
    code: 'ProviderDown',
    isPaid: true,
    only: 'stream',
    reply: (cut) => ({ cut, then: { error: { error: { message: 'chaos', code: 502 } } } }),
  },
  {
    name: 'no JSON',
    weight: 3,
    code: 'ProviderDown',
    isPaid: true,
    reply: () => ({ status: 200, body: 'service restarting' }),
  },
  {
    name: 'no choices',
    weight: 2,
    code: 'ProviderDown',
    isPaid: true,
    reply: () => ({ status: 200, body: { choices: [] } }),
  },
  {
    name: '401',
    weight: 1.5,
    code: 'Unauthorized',
    only: 'passes',
    reply: () => error(401, { code: 'invalid_api_key' }),
  },
  { name: '404', weight: 1.5, code: 'BadRequest', only: 'passes', reply: () => error(404) },
  { name: '400', weight: 1.5, code: 'BadRequest', only: 'passes', reply: () => error(400) },
  {
    name: 'no credit',
    weight: 1.5,
    code: 'Unauthorized',
    only: 'passes',
    reply: () => error(429, { code: 'insufficient_quota' }),
  },
  {
    name: 'too long',
    weight: 1.5,
    code: 'ContextOverflow',
    only: 'passes',
    reply: () => error(400, { code: 'context_length_exceeded' }),
  },
  {
    name: 'cut at its limit',
    weight: 2,
    code: 'OutputInvalid',
    isPaid: true,
    only: 'passes',
    reply: () => ({ text: 'and so', finish: 'length' }),
  },
  {
    name: 'no output of the schema',
    weight: 4,
    code: 'OutputInvalid',
    isPaid: true,
    only: 'json',
    reply: () => GARBAGE,
  },
  {
    name: 'broken arguments',
    weight: 4,
    code: 'none',
    isPaid: true,
    only: 'calls',
    reply: (answer) => brokenCalls(answer),
  },
  {
    name: 'a refusal',
    weight: 0.4,
    code: 'Refused',
    isPaid: true,
    only: 'ends',
    reply: () => ({ refusal: 'chaos' }),
  },
  {
    name: 'a content filter',
    weight: 0.3,
    code: 'Refused',
    isPaid: true,
    only: 'ends',
    reply: () => ({ text: 'cha', finish: 'content_filter' }),
  },
];

/** What happens to all requests of a run that is to fail, from some turn on. */
export const DOOMS = {
  key: { code: 'Unauthorized', reply: error(401, { code: 'invalid_api_key' }), isPaid: false },
  model: { code: 'BadRequest', reply: error(404, { code: 'model_not_found' }), isPaid: false },
  refusal: { code: 'Refused', reply: { refusal: 'doomed' }, isPaid: true },
  filter: { code: 'Refused', reply: { text: 'doo', finish: 'content_filter' }, isPaid: true },
} as const satisfies Record<string, { code: FailureCode; reply: Reply; isPaid: boolean }>;
export type Doom = keyof typeof DOOMS;

function brokenCalls(answer: Answer): Answer {
  if (typeof answer !== 'object' || !('calls' in answer)) return answer;
  return { ...answer, calls: answer.calls.map(({ tool }) => ({ tool, args: BROKEN_ARGUMENTS })) };
}

/** Tools for which broken arguments mean something else. */
const NOT_BROKEN = /^(transfer_to_|grant$)/;

/** Whether the fault may happen to a request. */
export function mayHappen(
  { only }: Fault,
  request: ChatRequest,
  answer: Answer,
  { isLast, mayEnd }: { isLast: boolean; mayEnd: boolean },
): boolean {
  switch (only) {
    case 'passes':
      return !isLast;
    case 'ends':
      return mayEnd;
    case 'stream':
      return request.stream === true;
    case 'json':
      return typeof answer === 'object' && 'json' in answer && request.response_format !== undefined;
    case 'calls':
      return (
        typeof answer === 'object' &&
        'calls' in answer &&
        !answer.calls.some(({ tool }) => NOT_BROKEN.test(tool))
      );
    default:
      return true;
  }
}
