import { approval, proxyAgents } from 'batonjs/workflow';
import type * as agents from './agents.js';
import type { OpenedOrder } from './activities.js';
import { attempt } from './attempt.js';
import type { Letter, Ticket } from './ticket.js';

const { writer, checker } = proxyAgents<typeof agents>();

/** How often a draft goes back to the writer. */
const REVISIONS = 2;

/** What the writer and the checker are told beside the ticket. */
export type Facts = {
  today: string;
  question: string;
  passages: { id: string; title: string; text: string }[];
  /** What no article covers. */
  gaps: string[];
  order: OpenedOrder | null;
  /** Where a refund stands. */
  refund: string;
};

export interface Draft {
  body: string;
  articleIds: string[];
  /** What the checker still objects to; empty where it has accepted the draft. */
  issues: string[];
}

/**
 * Has a reply written and checked. What the checker objects to goes back to the writer, twice at most; the objections to
 * the last draft are kept.
 * @throws the writer's failure
 */
export async function draftReply(untrustedTicket: Letter, facts: Facts): Promise<Draft> {
  let { output, transcript } = await writer.run(facts, { context: { untrustedTicket } });
  for (let revision = 0; ; revision++) {
    const issues = await issuesWith(output.reply, untrustedTicket, facts);
    if (issues.length === 0 || revision === REVISIONS)
      return { body: output.reply, articleIds: output.articleIds, issues };
    ({ output, transcript } = await writer.run({ issues }, { transcript }));
  }
}

async function issuesWith(draft: string, untrustedTicket: Letter, facts: Facts): Promise<string[]> {
  const checked = await attempt('checking the draft', () => checker({ draft, untrustedTicket, facts }));
  if (!checked.ok) return [checked.problem];
  const { accepted, issues } = checked.value;
  if (accepted) return [];
  return issues.length > 0 ? issues : ['The checker did not accept the draft and named no issue.'];
}

/**
 * Lets a draft go out: at once where the checker has accepted it, else where a person does, who may also send another
 * text as `edits`.
 */
export async function releaseDraft(
  { body, issues }: Draft,
  ticket: Ticket,
): Promise<{ body?: string; notes: string[] }> {
  if (issues.length === 0) return { body, notes: [] };
  const notes = issues.map((issue) => `The draft was not accepted: ${issue}`);
  const decision = await approval({
    title: `Reply to "${ticket.subject}" was not accepted by the check`,
    details: { draft: body, issues, from: ticket.from, ticket: ticket.body },
    approvers: ['team-lead'],
    timeout: '2 days',
    onTimeout: 'reject',
  });
  if (!decision.approved) return { notes: [...notes, 'No reply was released; a colleague must write one.'] };
  return { body: typeof decision.edits === 'string' ? decision.edits : body, notes };
}
