import type { ActivityInput, LocalActivityInput } from '@temporalio/workflow';
import { maybeGetActivator } from '@temporalio/workflow/lib/global-attributes.js';

/**
 * Schedules an activity, and lets go of its arguments once they are in the command. The SDK keeps what an activity was scheduled with
 * for as long as the scope around it could be cancelled, which for most is the run's whole life: it is given a list that is emptied.
 */
export function lettingGo<Input extends ActivityInput | LocalActivityInput>(
  input: Input,
  next: (input: Input) => Promise<unknown>,
): Promise<unknown> {
  const args = [...input.args];
  const result = next({ ...input, args });
  // Another interceptor may wait before it goes on.
  if (maybeGetActivator()?.completions.activity.has(input.seq)) args.length = 0;
  return result;
}
