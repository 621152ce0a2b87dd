import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { BatonError } from '../agents/failures.js';
import { SEARCH_ATTRIBUTE } from '../agents/names.js';

/** `IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD_LIST` of Temporal's API. */
const KEYWORD_LIST = 7;
/** How long (ms) Temporal may take to make a new attribute known. */
const VISIBLE_MS = 10_000;
const POLL_MS = 100;

/**
 * Registers Baton's search attribute in the client's namespace, where it isn't yet; gives whether it was added.
 * @throws BatonError `ConfigInvalid`, where the name is taken for another type
 */
export async function registerSearchAttribute(client: Client): Promise<boolean> {
  if (await isRegistered(client)) return false;
  await client.connection.operatorService.addSearchAttributes({
    namespace: client.options.namespace,
    searchAttributes: { [SEARCH_ATTRIBUTE]: KEYWORD_LIST },
  });
  const until = Date.now() + VISIBLE_MS;
  while (!(await isRegistered(client)) && Date.now() < until) await delay(POLL_MS);
  return true;
}

/** Whether the namespace has the attribute. @throws BatonError `ConfigInvalid` */
export async function isRegistered({ connection, options }: Client): Promise<boolean> {
  const { namespace } = options;
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  const type = customAttributes?.[SEARCH_ATTRIBUTE];
  if (type !== undefined && type !== KEYWORD_LIST) {
    throw new BatonError(
      'ConfigInvalid',
      `the namespace ${namespace} has a search attribute ${SEARCH_ATTRIBUTE} that is no KeywordList; rename it with: temporal operator search-attribute`,
    );
  }
  return type !== undefined;
}
