import { Command } from 'commander';
import type { Json } from '../../agents/json.js';
import { readAnswered } from '../answered-id.js';
import { connecting, withBaton, type ConnectionFlags } from '../connection-flags.js';
import { say, sayJson, type Io } from '../io.js';
import { paintFor } from '../paint.js';
import { readRunInput } from '../run-input.js';
import { withWorkerOf } from '../worker-wait.js';

interface Flags extends ConnectionFlags {
  by?: string;
  comment?: string;
  choice?: string;
  edits?: string;
  json?: boolean;
}

export function approveCommand(io: Io): Command {
  return answerCommand(io, 'approve', 'approve what a run waits for')
    .option('--choice <option>', "one of the question's options")
    .option(
      '--edits <json>',
      'what holds instead of what was asked, such as a changed plan: JSON, @FILE, or -',
    );
}

export function rejectCommand(io: Io): Command {
  return answerCommand(io, 'reject', 'reject what a run waits for');
}

function answerCommand(io: Io, verb: 'approve' | 'reject', description: string): Command {
  const command = new Command(verb)
    .description(description)
    .argument('<id>', 'approval, as npx baton approvals lists it, or a run with one')
    .option('--by <who>', 'who answers: a person or role that the question is for')
    .option('--comment <text>', 'why')
    .option('--json', 'print the decision as JSON');
  return connecting(command).action((id: string, flags: Flags) =>
    withBaton(flags, async (baton) => {
      const { runId, approvalId } = await readAnswered(baton, id);
      const { by, comment, choice } = flags;
      const edits = flags.edits === undefined ? undefined : await readRunInput(flags.edits, io, '--edits');
      const answer = {
        ...(approvalId === undefined ? {} : { id: approvalId }),
        ...(by === undefined ? {} : { by }),
        ...(comment === undefined ? {} : { comment }),
        ...(choice === undefined ? {} : { choice }),
        // What was read from JSON is JSON.
        ...(edits === undefined ? {} : { edits: edits as Json }),
      };
      const decision = await withWorkerOf(baton, runId, () => baton.run(runId)[verb](answer));
      if (flags.json) return sayJson(io, decision);
      const paint = paintFor(io.out);
      const status = decision.approved ? paint.good(decision.status) : paint.bad(decision.status);
      const who = decision.by === undefined ? '' : ` by ${decision.by}`;
      say(io, `${status}  ${approvalId ?? `${runId}`}${who}`);
    }),
  );
}
