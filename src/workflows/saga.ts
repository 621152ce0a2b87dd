import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  ChildWorkflowFailure,
  TemporalFailure,
  uuid4,
} from '@temporalio/workflow';
import { failure, failureOf } from './fail.js';
import { runState } from './run-state.js';
import { inSaga, type OpenSaga } from './sagas.js';
import { undoEffects } from './undo-effects.js';

/** What the code of a saga is given. */
export interface Saga {
  /** Gives up: what was done is undone, and the saga throws `Undone` with the reason. */
  undo(reason: string): never;
  /**
   * Does a step of the orchestration's own, such as an activity, and has it undone with the rest by `undo`, which is a step as well. A
   * step that fails is not undone, unless it was lost or cancelled, so that nobody knows what it did: then `result` is undefined.
   */
  step<T>(name: string, run: () => Promise<T>, undo: (result: T | undefined) => Promise<unknown>): Promise<T>;
}

/**
 * Runs `fn`, and undoes what was done in it where it fails: the calls of tools with `compensate` that agents made in it, also agents in
 * child workflows, the last one first. The same where the run is cancelled, where `fn` calls `undo`, and where the run is told to undo
 * (`run.undo()`, `npx baton undo`). What goes on is cancelled and waited for first.
 * @throws what `fn` throws, or `Undone`; `CompensationFailed` where something could not be undone: its details name what
 */
export async function saga<T>(fn: (saga: Saga) => Promise<T>): Promise<T> {
  const { sagas } = runState();
  const scope = new CancellationScope();
  const own = sagas.begin(() => scope.cancel());
  let failed: unknown;
  try {
    if (own.reason === undefined) {
      const result = await scope.run(() => inSaga(own, () => fn(handleOf(own))));
      if (own.reason === undefined) {
        sagas.succeed(own);
        return result;
      }
    }
  } catch (error) {
    // A fault of the code stalls the run until it is mended; and a run that is continued as new takes over what was done.
    if (!(error instanceof TemporalFailure)) throw error;
    failed = error;
  }
  return CancellationScope.nonCancellable(async () => {
    own.isUndoing = true;
    scope.cancel();
    sagas.gather(own);
    const { undone, notUndone } = await undoEffects(own);
    sagas.end(own);
    const { reason } = own;
    const why = reason === undefined ? failed : failure('Undone', reason, { reason, undone });
    if (notUndone.length === 0) throw why;
    const names = notUndone.map(({ title, code, message }) => `${title} (${code}: ${message})`).join('; ');
    const { code = 'Cancelled', message = 'the run was cancelled' } = failureOf(why) ?? {};
    throw failure('CompensationFailed', `could not be undone: ${names}; after ${code}: ${message}`, {
      notUndone,
      undone,
      cause: { code, message },
    });
  });
}

function handleOf(own: OpenSaga): Saga {
  return {
    undo(reason) {
      own.undo(reason);
      throw failure('Undone', reason);
    },
    async step(name, run, undo) {
      const id = uuid4();
      if (own.isUndoing) throw failure('Undone', 'what the saga has done is being undone already');
      own.effects.begin(id, {
        title: name,
        run: (result) => undo(result as Awaited<ReturnType<typeof run>>),
      });
      try {
        const value = await run();
        own.effects.settle(id, { value });
        return value;
      } catch (error) {
        own.effects.settle(id, isSure(error) ? 'none' : 'unknown');
        throw error;
      }
    },
  };
}

/** Whether a step that failed has said so itself. */
function isSure(error: unknown): boolean {
  if (error instanceof ActivityFailure || error instanceof ChildWorkflowFailure) return isSure(error.cause);
  return error instanceof ApplicationFailure;
}
