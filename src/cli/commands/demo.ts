import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import { chooseInput } from '../choose-input.js';
import { connecting, type ConnectionFlags } from '../connection-flags.js';
import { DEFAULT_EXAMPLE, exampleNames, loadExample } from '../examples.js';
import { say, sayJson, type Exit, type Io } from '../io.js';
import { columns } from '../layout.js';
import { runDemo } from '../run-demo.js';

interface Flags extends ConnectionFlags {
  input?: string;
  ticket?: string;
  data?: string;
  kb?: string;
  id?: string;
  list?: boolean;
  yes?: boolean;
  json?: boolean;
}

export function demoCommand(io: Io, exit: Exit): Command {
  const command = new Command('demo')
    .description('run an example from end to end, bringing up whatever is missing')
    .argument('[name]', `the example: ${exampleNames().join(', ')} (default: ${DEFAULT_EXAMPLE})`)
    .option('--input <file|id>', 'what it works on: a file, or one of its inputs by id')
    .addOption(new Option('--ticket <file|id>', 'the same as --input').hideHelp())
    .option('--list', 'list its inputs')
    .option('--data <path>', 'your own documents instead of those of the example')
    .addOption(new Option('--kb <path>', 'the same as --data').hideHelp())
    .option('--id <run>', 'id of the run; one that is going on is attached to')
    .option('--yes', 'approve what it asks, as the first who may')
    .option('--json', 'with --list: print JSON');
  return connecting(command).action(async (given: string | undefined, flags: Flags) => {
    const name = given ?? DEFAULT_EXAMPLE;
    const example = await loadExample(name);
    const data = flags.data ?? flags.kb;
    example.demo.configure?.(data === undefined ? {} : { data: resolve(io.cwd, data) });
    if (flags.list) {
      const inputs = await example.demo.inputs();
      if (flags.json) return sayJson(io, inputs);
      for (const line of columns(inputs.map(({ id, title }) => [id, title]))) say(io, line);
      return;
    }
    const input = await chooseInput(example.demo, flags.input ?? flags.ticket, io);
    const id = flags.id ?? `${name}-${input.id}-${randomUUID().slice(0, 4)}`;
    const code = await runDemo({ io, flags, example, input, id, yes: flags.yes === true });
    const others = exampleNames().filter((other) => other !== name);
    if (given === undefined)
      say(io, `\nOther examples: ${others.map((other) => `npx baton demo ${other}`).join(' · ')}`);
    exit(code);
  });
}
