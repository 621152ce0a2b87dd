import { condition, isCancellation, proxyActivities } from '@temporalio/workflow';
import type { Compensation, Effect } from '../agents/effect.js';
import type { Json } from '../agents/json.js';
import type { ToolMessage } from '../agents/message.js';
import { COMPENSATE_ACTIVITY } from '../agents/names.js';
import type { Entry } from './effects.js';
import { failureOf } from './fail.js';
import { tellSagas } from './open-effect.js';
import { runState } from './run-state.js';
import type { OpenSaga } from './sagas.js';
import { HEARTBEAT_TIMEOUT } from './take-turn.js';

/** An effect that could not be undone. */
export interface NotUndone {
  /** The call in one line. */
  title: string;
  code: string;
  message: string;
  /** Of a tool call. */
  tool?: string;
  args?: Json;
}

const ATTEMPTS = 10;
/** How long a run is waited for that was lost before it told what became of its effects. */
const LAST_WORD = '10 seconds';

/**
 * Undoes what was done in a saga, the last first, when all that was begun has ended. What cannot be undone does not hold up the rest.
 * To be called in a scope that is not cancelled.
 */
export async function undoEffects(saga: OpenSaga): Promise<{ undone: string[]; notUndone: NotUndone[] }> {
  const { effects } = saga;
  const state = runState();
  await condition(() => !saga.hasChildren && !effects.isOpenHere);
  if (effects.isOpen) await condition(() => !effects.isOpen, LAST_WORD);
  const undone: string[] = [];
  const notUndone: NotUndone[] = [];
  for (let entry = effects.takeNewest(); entry; entry = effects.takeNewest()) {
    const title = titleOf(entry);
    state.active.set('undo', title);
    state.refresh();
    const failed = await undo(entry);
    if (failed) notUndone.push(failed);
    else undone.push(title);
    await tellSagas(state.options.sagas ?? [], { id: entry.id, outcome: 'none' });
  }
  state.active.delete('undo');
  return { undone, notUndone };
}

async function undo({ undoing }: Entry): Promise<NotUndone | undefined> {
  try {
    if ('run' in undoing) await undoing.run(undoing.result);
    else await compensate(undoing.effect, undoing.result);
    return undefined;
  } catch (error) {
    const info = isCancellation(error)
      ? { code: 'Cancelled', message: 'it was cancelled' }
      : failureOf(error);
    if (!info) throw error;
    const { code, message } = info;
    if ('run' in undoing) return { title: undoing.title, code, message };
    const { title, undo } = undoing.effect;
    return { title, code, message, tool: undo.tool, args: undo.args };
  }
}

function compensate(
  { undo, title, taskQueue, timeout, attempts = ATTEMPTS }: Effect,
  result: ToolMessage | undefined,
): Promise<void> {
  const { [COMPENSATE_ACTIVITY]: activity } = proxyActivities<
    Record<typeof COMPENSATE_ACTIVITY, (input: Compensation) => Promise<void>>
  >({
    taskQueue,
    startToCloseTimeout: timeout,
    heartbeatTimeout: HEARTBEAT_TIMEOUT,
    retry: { maximumAttempts: attempts, initialInterval: '1 second', maximumInterval: '1 minute' },
    summary: `undo ${title}`,
  });
  return activity({ ...undo, ...(result ? { result } : {}) });
}

function titleOf({ undoing }: Entry): string {
  return 'run' in undoing ? undoing.title : undoing.effect.title;
}
