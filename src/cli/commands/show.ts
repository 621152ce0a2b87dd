import { Command } from 'commander';
import { connecting, withBaton, type ConnectionFlags } from '../connection-flags.js';
import { say, sayJson, type Io } from '../io.js';
import { hasColor } from '../paint.js';
import { renderTrace } from '../render-trace.js';

interface Flags extends ConnectionFlags {
  json?: boolean;
  verbose?: boolean;
  children: boolean;
}

export function showCommand(io: Io): Command {
  const command = new Command('show')
    .description('show a run, open or closed: agents, turns, tools, approvals, cost and time')
    .argument('<run>', 'id of the run')
    .option('--verbose', 'show inputs, outputs and messages too')
    .option('--no-children', 'leave the histories of child runs out')
    .option('--json', 'print the trace as JSON');
  return connecting(command).action((id: string, flags: Flags) =>
    withBaton(flags, async (baton) => {
      const { children, verbose = false } = flags;
      const trace = await baton.run(id).trace({ children });
      if (flags.json) return sayJson(io, trace);
      say(io, renderTrace(trace, { now: Date.now(), color: hasColor(io.out), verbose }));
    }),
  );
}
