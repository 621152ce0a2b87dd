import { Command } from 'commander';
import type { Baton, Span, StoredResult, Trace } from '../../client.js';
import { connecting, withBaton, type ConnectionFlags } from '../connection-flags.js';
import { CliError, FAILURE_TABLE } from '../failures.js';
import { remark, say, sayJson, type Io } from '../io.js';
import { hasColor } from '../paint.js';
import { projectStorage } from '../project-storage.js';
import { messageLines } from '../render-messages.js';
import { renderTrace } from '../render-trace.js';
import { missingWorker } from '../worker-wait.js';
import { sayResult } from './result.js';

interface Flags extends ConnectionFlags {
  json?: boolean;
  verbose?: boolean;
  result?: string;
  turn?: string;
  children: boolean;
}

export function showCommand(io: Io): Command {
  const command = new Command('show')
    .description('show a run, open or closed: agents, turns, tools, approvals, cost and time')
    .argument('<run>', 'id of the run')
    .option('--verbose', 'show inputs, outputs and messages too')
    .option('--no-children', 'leave the histories of child runs out')
    .option('--result <name>', 'print the whole of a tool result that is shown as stored, and nothing else')
    .option('--turn <id>', 'print what the model was shown in a turn, such as clerk.1#3, and nothing else')
    .option('--json', 'print the trace as JSON');
  return connecting(command).action(async (id: string, flags: Flags) =>
    withBaton({ ...flags, storage: await projectStorage(io) }, async (baton) => {
      const { children, verbose = false, turn } = flags;
      if (turn !== undefined) {
        const shown = await baton.run(id).shown(turn);
        return flags.json ? sayJson(io, shown) : say(io, shown.flatMap(messageLines).join('\n'));
      }
      const trace = await baton.run(id).trace({ children });
      if (flags.result !== undefined)
        return sayResult(io, await baton.stored(storedAs(flags.result, trace)), flags);
      if (flags.json) return sayJson(io, trace);
      say(io, renderTrace(trace, { now: Date.now(), color: hasColor(io.out), verbose }));
      if (trace.end === undefined) await tellMissingWorker(baton, id, io);
    }),
  );
}

async function tellMissingWorker(baton: Baton, id: string, io: Io): Promise<void> {
  const missing = await missingWorker(baton, id);
  if (!missing) return;
  const { why, advice = FAILURE_TABLE.WorkerMissing.try } = missing;
  remark(io, `Nobody goes on with it: ${why}. Try: ${advice}`);
}

function storedAs(name: string, trace: Trace): StoredResult {
  const found = resultsIn(trace);
  const stored = found.find(({ digest }) => digest === name);
  if (stored) return stored;
  const names = found.map(({ digest }) => digest).join(', ') || 'none';
  throw new CliError('StorageMissing', `the run has no tool result stored as "${name}"; it has: ${names}`, {
    advice:
      found.length > 0
        ? 'name one of those'
        : 'see the whole of all results with: npx baton show RUN --verbose',
  });
}

function resultsIn(span: Span): StoredResult[] {
  const own = span.kind === 'tool' && span.stored ? [span.stored] : [];
  return [...own, ...span.children.flatMap(resultsIn)];
}
