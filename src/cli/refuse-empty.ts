import type { Command } from 'commander';
import { CliError } from './failures.js';

/**
 * Refuses a command with a value that is empty, as a shell variable leaves it that is not set: no argument and no flag means
 * anything by it.
 * @throws CliError `Usage`
 */
export function refuseEmpty(command: Command): void {
  const values: Readonly<Record<string, unknown>> = command.opts();
  const given = [
    ...command.registeredArguments.map((argument, i) => ({
      name: `<${argument.name()}>`,
      value: command.args[i] as unknown,
    })),
    ...command.options.map((option) => ({ name: option.long, value: values[option.attributeName()] })),
  ];
  const empty = given.find(({ value }) => value === '' || (Array.isArray(value) && value.includes('')));
  if (!empty) return;
  throw new CliError('Usage', `${empty.name} is empty: give it a value, or leave it out.`, {
    advice: `${pathOf(command)} --help`,
  });
}

/** As it is typed: `baton explain agent`. */
function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();
}
