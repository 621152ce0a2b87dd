import { Command } from 'commander';
import type { PendingApproval } from '../../client.js';
import { connecting, withBaton, type ConnectionFlags } from '../connection-flags.js';
import { remark, say, sayJson, type Io } from '../io.js';
import { editsFlag } from '../edits-flag.js';
import { renderDetails } from '../details.js';
import { clip, duration, timeLeft, WIDTH } from '../layout.js';
import { paintFor } from '../paint.js';
import { readFailure } from '../read-failure.js';
import { sameConnection } from '../proposed-flags.js';

interface Flags extends ConnectionFlags {
  as?: string;
  json?: boolean;
}

const DETAILS_LINES = 40;
/** Runs without a worker that are named. */
const SILENT_NAMED = 5;

export function approvalsCommand(io: Io): Command {
  const command = new Command('approvals')
    .description('list what waits for people, the oldest first')
    .option('--as <approver>', 'only what this person or role may answer')
    .option('--json', 'print JSON');
  return connecting(command).action((flags: Flags) =>
    withBaton(flags, async (baton) => {
      const silent: string[] = [];
      const waiting = await baton.approvals({
        ...(flags.as === undefined ? {} : { approver: flags.as }),
        onSilent(workflowId, error) {
          // Anything else, such as a server that went away, is a failure of the command.
          if (readFailure(error).code !== 'WorkerMissing') throw error;
          silent.push(workflowId);
        },
      });
      if (silent.length > 0) remark(io, renderSilent(silent));
      if (flags.json) return sayJson(io, waiting);
      if (waiting.length === 0 && silent.length === 0) return say(io, 'Nothing waits for an answer.');
      for (const approval of waiting) say(io, renderApproval(approval, io, flags));
    }),
  );
}

function renderSilent(silent: readonly string[]): string {
  const named = silent.slice(0, SILENT_NAMED).join(', ');
  const more = silent.length > SILENT_NAMED ? ` and ${silent.length - SILENT_NAMED} more` : '';
  return `No worker answers for ${named}${more}; what waits there is not shown. Start one with: npx baton worker`;
}

/** An approval as a paragraph: what, for whom, since when, and how to answer. */
export function renderApproval(approval: PendingApproval, io: Io, flags: ConnectionFlags): string {
  const { bold, dim } = paintFor(io.out);
  const { id, title, details, options, approvers } = approval;
  const choice = options?.[0] === undefined ? '' : ` --choice ${JSON.stringify(options[0])}`;
  return [
    bold(clip(title, WIDTH)),
    dim(`  ${whenAndWho(approval)}`),
    ...(details === undefined ? [] : [headOf(details)]),
    ...(options ? [`  options: ${options.join(', ')}`] : []),
    `  npx baton approve ${id}${approvers?.[0] ? ` --by ${approvers[0]}` : ''}${choice}${editsFlag(approval)}${sameConnection(flags)}`,
    '',
  ].join('\n');
}

function whenAndWho({ id, approvers, askedAt, deadline }: PendingApproval): string {
  const now = Date.now();
  const left = deadline === undefined ? [] : [`${timeLeft(deadline - now)} left`];
  return [
    id,
    approvers ? `for ${approvers.join(' or ')}` : 'for anybody',
    `asked ${duration(now - askedAt)} ago`,
    ...left,
  ].join(' · ');
}

function headOf(details: unknown): string {
  const lines = renderDetails(details, { width: WIDTH, indent: '  ' }).split('\n');
  return lines.length <= DETAILS_LINES
    ? lines.join('\n')
    : [...lines.slice(0, DETAILS_LINES), `  … ${lines.length - DETAILS_LINES} lines more, by --json`].join(
        '\n',
      );
}
