import {
  CancellationScope,
  CancelledFailure,
  getExternalWorkflowHandle,
  log,
  uuid4,
  workflowInfo,
} from '@temporalio/workflow';
import type { Effect, EffectNotice, EffectOutcome } from '../agents/effect.js';
import type { Json } from '../agents/json.js';
import { EFFECT_SIGNAL } from '../agents/names.js';
import type { CallPolicy, ToolCallContext } from '../agents/turn.js';
import { failure, failureOf } from './fail.js';
import { runState } from './run-state.js';
import { currentSaga } from './sagas.js';

/** An effect whose outcome is still to be told. */
export interface OpenEffect {
  settle(outcome: EffectOutcome): Promise<void>;
}

interface Call {
  tool: string;
  args: Json;
  /** The call in one line. */
  title: string;
  context: ToolCallContext;
}

/**
 * Notes a call that can be undone, before it is made, in the saga around it and in those that the run is a part of: so it is undone
 * whatever becomes of this run. Undefined where there is none.
 * @throws Undone where the saga is undoing already
 */
export async function openEffect(
  { tool, args, title, context }: Call,
  { compensate, taskQueue, timeout }: CallPolicy,
): Promise<OpenEffect | undefined> {
  const saga = currentSaga();
  const { sagas: owners = [] } = runState().options;
  // Where the work is cancelled the call is not made.
  const scope = CancellationScope.current();
  if (!compensate || (!saga && owners.length === 0) || scope.consideredCancelled) return undefined;
  if (saga?.isUndoing) throw failure('Undone', 'what the saga has done is being undone already');
  const info = workflowInfo();
  const effect: Effect = {
    undo: { tool, args, workflowId: info.workflowId, call: context },
    title,
    taskQueue: taskQueue ?? info.taskQueue,
    timeout,
    ...(compensate === true ? {} : { attempts: compensate }),
  };
  const id = uuid4();
  saga?.effects.begin(id, { effect });
  const opened: OpenEffect = {
    async settle(outcome) {
      saga?.effects.settle(id, outcome);
      await tellSagas(owners, { id, outcome });
    },
  };
  await tellSagas(owners, { id, effect });
  if (scope.consideredCancelled) {
    await opened.settle('none');
    throw new CancelledFailure(`${tool} was cancelled before it was begun`);
  }
  return opened;
}

/** Tells sagas of other runs, and waits until they are told. */
export async function tellSagas(
  owners: readonly string[],
  notice: Omit<EffectNotice, 'saga'>,
): Promise<void> {
  if (owners.length === 0) return;
  await CancellationScope.nonCancellable(() => Promise.all(owners.map((owner) => tell(owner, notice))));
}

async function tell(owner: string, notice: Omit<EffectNotice, 'saga'>): Promise<void> {
  const slash = owner.lastIndexOf('/');
  const saga = Number(owner.slice(slash + 1));
  try {
    await getExternalWorkflowHandle(owner.slice(0, slash)).signal(EFFECT_SIGNAL, { saga, ...notice });
  } catch (error) {
    // It has ended, and undoes nothing any more.
    if (!failureOf(error)?.code.endsWith('NotFound')) throw error;
    log.warn('a saga that the run was a part of has ended', { saga: owner });
  }
}
