import type { ConnectionFlags } from './connection-flags.js';

/** The flags of this call that other commands need too, to be shown in the commands that it proposes. */
export function sameConnection({ address, namespace, profile }: ConnectionFlags): string {
  const flags = { address, namespace, profile };
  return Object.entries(flags)
    .map(([name, value]) => (value === undefined ? '' : ` --${name} ${value}`))
    .join('');
}
