import { AsyncLocalStorage } from 'node:async_hooks';
import type { WorkflowClientInterceptor } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import { OPTIONS_HEADER } from '../agents/names.js';
import type { RunOptions } from '../agents/run-options.js';

/** The options of the start that is going on; Temporal's own start options carry no headers. */
export const startingWith = new AsyncLocalStorage<RunOptions>();

/** Puts a run's options into a header of its start. */
export const runOptionsInterceptor: WorkflowClientInterceptor = {
  startWithDetails: (input, next) => next({ ...input, headers: withOptions(input.headers) }),
  startUpdateWithStart: (input, next) =>
    next({ ...input, workflowStartHeaders: withOptions(input.workflowStartHeaders) }),
};

function withOptions<H extends object>(headers: H): H {
  const options = startingWith.getStore();
  return options ? { ...headers, [OPTIONS_HEADER]: defaultPayloadConverter.toPayload(options) } : headers;
}
