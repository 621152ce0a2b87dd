import { defaultPayloadConverter } from '@temporalio/common';
import {
  ContinueAsNew,
  defineQuery,
  defineSignal,
  defineUpdate,
  log,
  patched,
  setHandler,
  upsertMemo,
  workflowInfo,
  type Headers,
  type WorkflowInterceptorsFactory,
} from '@temporalio/workflow';
import type { Decision } from '../agents/approval.js';
import {
  APPROVALS_QUERY,
  APPROVE_SIGNAL,
  DECIDE_UPDATE,
  EFFECT_SIGNAL,
  EVENT_SIGNAL,
  NOTES_MEMO,
  OPTIONS_HEADER,
  SPENT_SIGNAL,
  UNDO_SIGNAL,
} from '../agents/names.js';
import type { RunOptions } from '../agents/run-options.js';
import { allot, isCounted, report, reportApart, reportFailure, settled, type Spending } from './allotment.js';
import { cancelWithScope } from './cancel-child.js';
import { splitArguments } from './carried.js';
import { childSettings } from './child.js';
import { currentSaga, type OpenSaga } from './sagas.js';
import { towardsCurrent } from './deployment-version.js';
import { afterHandlers, asHandler } from './drain-handlers.js';
import { lettingGo } from './let-go.js';
import { openRun, runState, type RunState } from './run-state.js';

/** Installs Baton in every workflow of the bundle, before user code runs; `BatonPlugin` has it bundled. */
export const interceptors: WorkflowInterceptorsFactory = () => ({
  inbound: [
    {
      async execute(input, next) {
        const { own, carried } = splitArguments(input.args);
        const state = openRun(readOptions(input.headers), carried, own);
        installHandlers(state);
        return next({ ...input, args: own }).then(
          (result) => {
            leaveNotes(state);
            return state.options.report ? report(state.ledger, result) : result;
          },
          async (error: unknown) => {
            if (state.options.report) await reportApart(state.ledger, error);
            // The run that goes on from here leaves them when it ends.
            if (!(error instanceof ContinueAsNew)) leaveNotes(state);
            throw state.options.report ? reportFailure(state.ledger, error) : error;
          },
        );
      },
      handleSignal: (input, next) => asHandler(() => next(input)),
      handleUpdate: (input, next) => asHandler(() => next(input)),
    },
  ],
  outbound: [
    {
      scheduleActivity: lettingGo,
      scheduleLocalActivity: lettingGo,
      async startChildWorkflowExecution(input, next) {
        const { options, spentBy, ledger: own } = runState();
        const { span, budget, ledger = own, depth } = childSettings() ?? {};
        const saga = currentSaga();
        const allotment = allot(ledger, budget);
        const headers = writeOptions(input.headers, {
          ...inherited(options),
          ...(span === undefined ? {} : { span }),
          ...(allotment ? { budget: allotment } : {}),
          ...(depth === undefined ? {} : { depth }),
          ...(isCounted(ledger) ? { report: true as const } : {}),
          ...sagasOf(saga, options),
        });
        const [started, result] = await next({ ...input, headers });
        cancelWithScope(input.options.workflowId, started, result);
        saga?.track(started.then(() => result));
        return [
          started,
          allotment && isCounted(ledger) ? settled(ledger, allotment, started, result, spentBy) : result,
        ];
      },
      continueAsNew(input, next) {
        const { options, carried } = runState();
        return afterHandlers(() => {
          const moving = { ...input.options, ...towardsCurrent(input.options) };
          const args = [...input.args, ...carried.toArguments(input.args)];
          return next({ ...input, args, headers: writeOptions(input.headers, options), options: moving });
        });
      },
    },
  ],
});

function installHandlers({ approvals, events, sagas, spentBy }: RunState): void {
  setHandler(defineSignal<[string, Spending]>(SPENT_SIGNAL), (runId, spending) => {
    spentBy.set(runId, spending);
  });
  setHandler(defineSignal<[unknown]>(EVENT_SIGNAL), (event) => events.receive(event), {
    description: 'Delivers an event: { "id": "...", "name": "...", "data": ... }',
  });
  setHandler(defineSignal<[unknown]>(EFFECT_SIGNAL), (notice) => sagas.receive(notice));
  setHandler(defineSignal<[unknown]>(UNDO_SIGNAL), (request) => sagas.undo(request), {
    description: 'Has the run undo what its sagas have done: { "reason": "..." }',
  });
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
        approvals.decide(answer, Date.now(), true);
      } catch (error) {
        // A signal cannot be refused: what does not fit stands in the history and changes nothing.
        log.warn('an answer by signal was ignored', { error });
      }
    },
    { description: 'Answers an approval: { "approved": true, "by": "..." }' },
  );
}

/** Says in the memo what did not go as it should. The marker lets runs that ended before there were notes replay. */
function leaveNotes({ notes }: RunState): void {
  const { all } = notes;
  if (all && patched(NOTES_MEMO)) upsertMemo({ [NOTES_MEMO]: all });
}

/** The sagas that a child is a part of: that around its call, and those that this run is a part of. */
function sagasOf(saga: OpenSaga | undefined, { sagas: above = [] }: RunOptions): RunOptions {
  const own = saga ? [`${workflowInfo().workflowId}/${saga.effects.saga}`] : [];
  const sagas = [...own, ...above];
  return sagas.length > 0 ? { sagas } : {};
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
