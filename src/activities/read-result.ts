import { Context } from '@temporalio/activity';
import { z } from 'zod';
import type { Json } from '../agents/json.js';
import type { ToolMessage } from '../agents/message.js';
import { READ_FUNCTION } from '../agents/names.js';
import type { StoredResult } from '../agents/stored-result.js';
import type { ToolCallContext, ToolResult } from '../agents/turn.js';
import { readValue } from '../storage/keep-value.js';
import { failure } from './fail.js';
import { withHeartbeat } from './heartbeat.js';
import type { TranscriptCache } from './transcript-cache.js';

/** Characters of one page: at most, and where the call names no length. */
const MAX_LENGTH = 16_000;
const DEFAULT_LENGTH = 8_000;
/** Places that one search shows, and the characters shown around each. */
const MAX_MATCHES = 20;
const AROUND = 150;

const ReadArguments = z.object({
  offset: z.number().int().nonnegative().default(0),
  length: z.number().int().positive().max(MAX_LENGTH).default(DEFAULT_LENGTH),
  find: z.string().min(1).optional(),
});
type ReadArguments = z.infer<typeof ReadArguments>;

/** The activity by which a model reads on in a result of which it was shown the start only. */
export function readActivity(cache: TranscriptCache) {
  return (args: Json, { call, stored }: ToolCallContext): Promise<ToolResult> =>
    withHeartbeat(async () => {
      if (!stored) throw failure('BadRequest', `${READ_FUNCTION} was called without a result`);
      const parsed = ReadArguments.safeParse(args);
      const message: ToolMessage = {
        role: 'tool',
        call,
        tool: READ_FUNCTION,
        ...(parsed.success
          ? { content: pageOf(await readStored(stored), parsed.data) }
          : { content: `Invalid arguments: ${z.prettifyError(parsed.error)}`, isError: true }),
      };
      return { message, digest: cache.rememberMessage(message) };
    });
}

/**
 * The whole of a stored value, in a tool or another activity: `stored` as it stands in a message of the transcript (`messagesOf` in
 * workflow code, a tool's span in a trace).
 * @throws `StorageMissing`, `StorageUnavailable`
 */
export function readStored(stored: StoredResult): Promise<Json> {
  return readValue(Context.current().client.options.loadedDataConverter, stored);
}

/** A part of a value's text: text as it is, anything else as JSON. Offsets count characters. */
function pageOf(value: Json, { offset, length, find }: ReadArguments): Json {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  if (find !== undefined) return matchesOf(text, find, offset);
  const end = offset + length;
  return {
    text: text.slice(offset, end),
    offset,
    ...(end < text.length ? { next: end } : {}),
    total: text.length,
  };
}

function matchesOf(text: string, find: string, offset: number): Json {
  // One character for each, so that places in it are places in the text: some letters have a lower case of two.
  const fold = (given: string) => given.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  const [folded, wanted] = [fold(text), fold(find)];
  const matches: { offset: number; text: string }[] = [];
  let at = folded.indexOf(wanted, offset);
  for (; at >= 0 && matches.length < MAX_MATCHES; at = folded.indexOf(wanted, at + wanted.length)) {
    matches.push({ offset: at, text: text.slice(Math.max(0, at - AROUND), at + wanted.length + AROUND) });
  }
  return { find, matches, ...(at < 0 ? {} : { next: at }), total: text.length };
}
