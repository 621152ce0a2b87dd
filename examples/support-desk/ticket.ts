import { BatonError } from 'batonjs/agents';
import { z } from 'zod';

/** Bytes of a ticket's file at most. */
const MAX_BYTES = 1_000_000;

/** What a customer wrote, as the desk takes it in. */
export const Ticket = z.strictObject({
  /** The desk's own number of the ticket. A refund is paid once for it, however often it is worked on. */
  id: z.string().min(1).max(100).optional(),
  /** The sender's e-mail address. */
  from: z.email('is not an e-mail address').max(320),
  subject: z.string().max(300),
  body: z.string().max(20_000).regex(/\S/, 'is empty'),
  orderId: z
    .string()
    .regex(/^S-\d{5}$/, 'is not an order number such as S-10153')
    .optional(),
});
export type Ticket = z.infer<typeof Ticket>;

/** What the customer wrote of it. */
export type Letter = Pick<Ticket, 'from' | 'subject' | 'body'>;

/**
 * Reads a ticket from the text of a JSON file.
 * @throws BatonError `InputInvalid`, which names everything that is wrong with it
 */
export function parseTicket(text: string): Ticket {
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_BYTES)
    invalid(`it has ${count(bytes)} bytes; a ticket has at most ${count(MAX_BYTES)} (1 MB)`);
  if (text.replace(/^\uFEFF/, '').trim() === '') invalid('it is empty');
  const parsed = Ticket.safeParse(readJson(text.replace(/^\uFEFF/, '')), { reportInput: true });
  if (!parsed.success) invalid(parsed.error.issues.map(wrong).join('; '));
  return parsed.data;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new BatonError('InputInvalid', `the ticket: it is not valid JSON: ${reason}`, { cause });
  }
}

function wrong(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys')
    return `unknown: ${issue.keys.join(', ')} (a ticket has ${Object.keys(Ticket.shape).join(', ')})`;
  const [field] = issue.path;
  if (field === undefined)
    return 'it is not a JSON object such as { "from": ..., "subject": ..., "body": ... }';
  if (issue.code === 'invalid_type' && issue.input === undefined) return `${String(field)} is missing`;
  if (issue.code === 'too_big')
    return `${String(field)} has more than ${count(Number(issue.maximum))} characters`;
  return `${String(field)}: ${issue.message.replace(/^Invalid input: /, '')}`;
}

function count(n: number): string {
  return n.toLocaleString('en-US');
}

function invalid(problem: string): never {
  throw new BatonError('InputInvalid', `the ticket: ${problem}`);
}
