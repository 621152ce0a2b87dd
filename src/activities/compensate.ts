import { Context } from '@temporalio/activity';
import type { CompensationContext } from '../agents/define-tool.js';
import type { Compensation } from '../agents/effect.js';
import type { Json } from '../agents/json.js';
import type { ToolMessage } from '../agents/message.js';
import { checkArguments } from './check-arguments.js';
import { failure } from './fail.js';
import { withHeartbeat } from './heartbeat.js';
import { callKey, undoKey } from './idempotency-key.js';
import { readStored } from './read-result.js';
import type { Registry } from './registry.js';
import { untilAborted } from './until-aborted.js';

/** The activity that undoes the effect of a tool call. Unlike a tool it is tried again whatever it throws. */
export function compensateActivity({ tools }: Registry) {
  return ({ tool: name, args: given, result, ...made }: Compensation): Promise<void> =>
    withHeartbeat(async () => {
      const spec = tools.get(name)?.tool.spec;
      if (!spec?.compensate)
        throw failure('ToolUnknown', `this worker has no tool "${name}" with compensate`);
      const checked = await checkArguments(spec, given);
      if (checked.problem !== undefined) throw failure('InputInvalid', checked.problem);
      const { info, cancellationSignal, log, heartbeat } = Context.current();
      const run = info.workflowExecution ?? { workflowId: '', runId: '' };
      const effectKey = callKey({ ...run, workflowId: made.workflowId }, made.call, given);
      const context: CompensationContext = {
        signal: cancellationSignal,
        idempotencyKey: undoKey(effectKey),
        effectKey,
        isUnknown: result === undefined,
        attempt: info.attempt,
        run: { workflowId: run.workflowId, runId: run.runId },
        ...(made.call.tenant === undefined ? {} : { tenant: made.call.tenant }),
        log,
        heartbeat,
      };
      // What its schema let through, and JSON kept.
      const whole = (result && (await wholeOf(result))) as never;
      await untilAborted(cancellationSignal, spec.compensate(checked.args, whole, context));
    });
}

/** The result as the tool gave it; undefined where only its start was kept. */
async function wholeOf({ content, cut, stored }: ToolMessage): Promise<Json | undefined> {
  if (stored) return readStored(stored);
  return cut ? undefined : content;
}
