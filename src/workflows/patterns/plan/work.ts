import type { Json } from '../../../agents/json.js';
import type { FailureCode } from '../../../agents/failures.js';
import type { Amount } from '../../../agents/usage.js';
import { share } from '../../allotment.js';
import { contain } from '../../contain.js';
import { rejectionOf, type FailureInfo } from '../../fail.js';
import { gather } from '../../gather.js';
import { runState } from '../../run-state.js';
import { atSpan, inSpan, spanPath } from '../../span.js';
import { waitFor } from '../../wait-for.js';
import type { BoardTask } from './board.js';
import type { PlanRun } from './plan-run.js';
import { reviewOutput } from './review.js';
import { workerTask } from './team.js';

/** Failures in which chance has a part, so that a second try may do better. */
const CHANCE: readonly string[] = ['OutputInvalid', 'ToolFailed', 'ProviderDown'] satisfies FailureCode[];

/** A second try would begin anew, and might write a second time. */
const AS_IT_WROTE = 'it is not tried again, as its tools had written';

/**
 * Does the tasks on the board, each the moment that its inputs are there, until nothing goes on any more. So many lanes as may work
 * at once each take what is next.
 */
export async function work(run: PlanRun): Promise<void> {
  const { board, limits } = run;
  const { active } = runState();
  const path = spanPath();
  const show = () => {
    active.set(path, board.progress);
    runState().refresh();
  };
  const lane = async () => {
    for (;;) {
      await waitFor(() => board.hasReady || board.isIdle);
      const budget = shareOfNext(run);
      const task = board.start();
      if (task) {
        show();
        await atSpan(path, () => inSpan(task.id, () => perform(run, task, budget)));
        show();
      } else if (board.isIdle) return;
    }
  };
  const lanes = Math.min(limits.concurrency, limits.tasks);
  try {
    await gather(Array.from({ length: lanes }, (_, place) => ({ name: `lane-${place + 1}`, run: lane })));
  } finally {
    active.delete(path);
    runState().refresh();
  }
}

async function perform(run: PlanRun, task: BoardTask, budget: Amount | undefined): Promise<void> {
  const { board, team, timeout, review } = run;
  const input = workerTask(task.spec, board.inputsOf(task), task.revision);
  const outcome = await contain(async () => team.get(task.spec.worker)?.perform(input, budget), { timeout });
  if (!outcome.ok) return afterFailure(run, task, outcome.failure);
  const output = (outcome.value ?? null) as Json;
  const why = review === 'each' ? await reviewOutput(run, task, output) : undefined;
  if (why === undefined) board.finish(task, output);
  else if (!board.revise(task, output, why)) {
    board.fail(task, {
      code: 'NotAccepted',
      message: `the reviewer did not accept it: ${why}`,
      details: undefined,
    });
  }
}

function afterFailure({ board }: PlanRun, task: BoardTask, failure: FailureInfo): void {
  const { code } = failure;
  const rejection = rejectionOf(failure);
  if (rejection && board.sendBack(task, failure, rejection.reason)) return;
  if (!CHANCE.includes(code)) return board.fail(task, failure);
  if (failure.wrote) return board.fail(task, { ...failure, message: `${failure.message}; ${AS_IT_WROTE}` });
  if (!board.retry(task)) board.fail(task, failure);
}

/**
 * What the next task may spend: an equal share of what is left, one being kept for reviews and the synthesis. What a task leaves
 * over comes back, for those after it.
 */
function shareOfNext({ board }: PlanRun): Amount | undefined {
  return share(runState().ledger, 1 / (board.unstarted + 1));
}
