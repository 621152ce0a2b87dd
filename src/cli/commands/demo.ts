import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { chooseInput } from '../choose-input.js';
import { connecting, type ConnectionFlags } from '../connection-flags.js';
import { DEFAULT_EXAMPLE, exampleNames, loadExample } from '../examples.js';
import { say, sayJson, type Exit, type Io } from '../io.js';
import { columns } from '../layout.js';
import { runDemo } from '../run-demo.js';

interface Flags extends ConnectionFlags {
  ticket?: string;
  kb?: string;
  id?: string;
  list?: boolean;
  yes?: boolean;
  json?: boolean;
}

export function demoCommand(io: Io, exit: Exit): Command {
  const command = new Command('demo')
    .description('run an example from end to end, bringing up whatever is missing')
    .argument('[name]', `the example: ${exampleNames().join(', ')}`, DEFAULT_EXAMPLE)
    .option('--ticket <file|id>', 'what it works on: a file, or one of its inputs by id')
    .option('--list', 'list its inputs')
    .option('--kb <path>', 'your own documents instead of those of the example')
    .option('--id <run>', 'id of the run; one that is going on is attached to')
    .option('--yes', 'approve what it asks, as the first who may')
    .option('--json', 'with --list: print JSON');
  return connecting(command).action(async (name: string, flags: Flags) => {
    const example = await loadExample(name);
    if (flags.list) {
      const inputs = await example.demo.inputs();
      if (flags.json) return sayJson(io, inputs);
      for (const line of columns(inputs.map(({ id, title }) => [id, title]))) say(io, line);
      return;
    }
    const input = await chooseInput(example.demo, flags.ticket, io);
    example.demo.configure?.(flags.kb === undefined ? {} : { kb: resolve(io.cwd, flags.kb) });
    const id = flags.id ?? `${name}-${input.id}-${randomUUID().slice(0, 4)}`;
    exit(await runDemo({ io, flags, example, input, id, yes: flags.yes === true }));
  });
}
