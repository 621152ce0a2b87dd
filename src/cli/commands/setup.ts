import { Command } from 'commander';
import { SEARCH_ATTRIBUTE } from '../../agents/names.js';
import { connecting, withBaton, type ConnectionFlags } from '../connection-flags.js';
import { say, type Io } from '../io.js';
import { registerSearchAttribute } from '../search-attribute.js';

export function setupCommand(io: Io): Command {
  const command = new Command('setup').description(
    'prepare a namespace: register the search attribute by which the inbox finds runs',
  );
  return connecting(command).action((flags: ConnectionFlags) =>
    withBaton(flags, async ({ client }) => {
      const { namespace } = client.options;
      const added = await registerSearchAttribute(client);
      const what = `the search attribute ${SEARCH_ATTRIBUTE} (KeywordList) in namespace ${namespace}`;
      say(io, added ? `registered ${what}` : `nothing to do: ${what} is registered already`);
    }),
  );
}
