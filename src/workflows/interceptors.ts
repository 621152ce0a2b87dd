import { defaultPayloadConverter } from '@temporalio/common';
import {
  defineQuery,
  defineSignal,
  defineUpdate,
  log,
  setHandler,
  type Headers,
  type WorkflowInterceptorsFactory,
} from '@temporalio/workflow';
import type { Decision } from '../agents/approval.js';
import {
  APPROVALS_QUERY,
  APPROVE_SIGNAL,
  DECIDE_UPDATE,
  EVENT_SIGNAL,
  OPTIONS_HEADER,
  TRANSCRIPT_QUERY,
} from '../agents/names.js';
import type { RunOptions } from '../agents/run-options.js';
import type { TranscriptRequest } from '../agents/transcript-query.js';
import { allot, report, reportFailure, settled } from './allotment.js';
import { splitArguments } from './carried.js';
import { childSettings } from './child.js';
import { openRun, runState, type RunState } from './run-state.js';

/** Installs Baton in every workflow of the bundle, before user code runs; `BatonPlugin` has it bundled. */
export const interceptors: WorkflowInterceptorsFactory = () => ({
  inbound: [
    {
      async execute(input, next) {
        const { own, carried } = splitArguments(input.args);
        const state = openRun(readOptions(input.headers), carried, own);
        installHandlers(state);
        const running = next({ ...input, args: own });
        if (!state.options.report) return running;
        return running.then(
          (result) => report(state.ledger, result),
          (error: unknown) => {
            throw reportFailure(state.ledger, error);
          },
        );
      },
    },
  ],
  outbound: [
    {
      async startChildWorkflowExecution(input, next) {
        const { options, ledger: own } = runState();
        const { span, budget, ledger = own, depth } = childSettings.getStore() ?? {};
        const allotment = allot(ledger, budget);
        const headers = writeOptions(input.headers, {
          ...inherited(options),
          ...(span === undefined ? {} : { span }),
          ...(allotment ? { budget: allotment } : {}),
          ...(depth === undefined ? {} : { depth }),
          ...(ledger.limited ? { report: true as const } : {}),
        });
        const [started, result] = await next({ ...input, headers });
        return [started, allotment && ledger.limited ? settled(ledger, allotment, started, result) : result];
      },
      continueAsNew(input, next) {
        const { options, carried } = runState();
        const args = [...input.args, ...carried.toArguments()];
        return next({ ...input, args, headers: writeOptions(input.headers, options) });
      },
    },
  ],
});

function installHandlers({ approvals, transcripts, events }: RunState): void {
  setHandler(defineSignal<[unknown]>(EVENT_SIGNAL), (event) => events.receive(event), {
    description: 'Delivers an event: { "id": "...", "name": "...", "data": ... }',
  });
  setHandler(defineQuery<unknown, [TranscriptRequest]>(TRANSCRIPT_QUERY), (request) =>
    transcripts.page(request),
  );
  setHandler(defineQuery(APPROVALS_QUERY), () => approvals.waiting);
  setHandler(
    defineUpdate<Decision, [unknown]>(DECIDE_UPDATE),
    (answer) => approvals.decide(answer, Date.now()),
    {
      validator: (answer) => void approvals.check(answer),
      description: 'Answers an approval: { id?, approved?, by?, choice?, comment? }',
    },
  );
  setHandler(
    defineSignal<[unknown]>(APPROVE_SIGNAL),
    (answer) => {
      try {
        approvals.decide(answer, Date.now());
      } catch (error) {
        // A signal cannot be refused: what does not fit stands in the history and changes nothing.
        log.warn('an answer by signal was ignored', { error });
      }
    },
    { description: 'Answers an approval: { "approved": true, "by": "..." }' },
  );
}

function inherited({ tenant, tags }: RunOptions): RunOptions {
  return { ...(tenant === undefined ? {} : { tenant }), ...(tags === undefined ? {} : { tags }) };
}

function readOptions(headers: Headers): RunOptions {
  const payload = headers[OPTIONS_HEADER];
  return payload ? defaultPayloadConverter.fromPayload<RunOptions>(payload) : {};
}

function writeOptions(headers: Headers, options: RunOptions): Headers {
  return { ...headers, [OPTIONS_HEADER]: defaultPayloadConverter.toPayload(options) };
}
