import { child, proxyAgents, saga } from '../../src/workflows/index.js';
import type * as agents from './agents.js';

const { booker } = proxyAgents<typeof agents>();

export async function bookOne(what: string) {
  return booker(what);
}

/** Books here and in a child, and undoes both. */
export async function travel(what: string) {
  return saga(async ({ undo }) => {
    await booker(what);
    await child(bookOne, what);
    undo('no room');
  });
}
