import { Command } from 'commander';
import { connecting, type ConnectionFlags } from '../connection-flags.js';
import { examine } from '../examine.js';
import type { Finding } from '../health.js';
import { say, sayJson, type Exit, type Io } from '../io.js';
import { wrap, WIDTH } from '../layout.js';
import { paintFor, type Paint } from '../paint.js';
import { locatingProject, type ProjectFlags } from '../project-flags.js';

type Flags = ConnectionFlags & ProjectFlags & { json?: boolean };

const STATE_WIDTH = 'missing  '.length;

export function doctorCommand(io: Io, exit: Exit): Command {
  const command = new Command('doctor').description('look at what Baton needs here, and say what is missing');
  return connecting(locatingProject(command).option('--json', 'print JSON')).action(async (flags: Flags) => {
    const findings = await examine(flags, io);
    if (findings.some(({ state }) => state === 'missing')) exit(1);
    if (flags.json) return sayJson(io, findings);
    for (const line of render(findings, paintFor(io.out))) say(io, line);
  });
}

function render(findings: readonly Finding[], paint: Paint): string[] {
  const words = { ok: paint.good('ok'), missing: paint.bad('missing'), note: paint.attention('note') };
  const nameWidth = Math.max(...findings.map(({ name }) => name.length));
  const indent = ' '.repeat(STATE_WIDTH + nameWidth + 2);
  return findings.flatMap(({ state, name, text, advice }) => {
    const head = `${words[state]}${' '.repeat(STATE_WIDTH - state.length)}${name.padEnd(nameWidth + 2)}`;
    const tries = advice === undefined ? [] : [paint.dim(wrap(`Try: ${advice}`, { width: WIDTH, indent }))];
    return [head + wrap(text, { width: WIDTH, indent }).trimStart(), ...tries];
  });
}
