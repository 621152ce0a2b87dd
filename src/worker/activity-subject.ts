import { TURN_ACTIVITY } from '../agents/names.js';
import { ToolCallContext, TurnInput } from '../agents/turn.js';

/** What an activity is about, for logs and metrics. */
export type ActivitySubject =
  | { kind: 'turn'; agent: string; turn: number }
  | { kind: 'tool'; tool: string; agent?: string; turn?: number }
  | { kind: 'other' };

const Turn = TurnInput.pick({ agent: true, turn: true });
const Call = ToolCallContext.pick({ by: true });

/** @param isTool whether the activity type is a tool's name */
export function subjectOf(
  activityType: string,
  args: readonly unknown[],
  isTool: (name: string) => boolean,
): ActivitySubject {
  if (activityType === TURN_ACTIVITY) {
    const turn = Turn.safeParse(args[0]);
    return turn.success ? { kind: 'turn', ...turn.data } : { kind: 'other' };
  }
  if (!isTool(activityType)) return { kind: 'other' };
  const [agent, turn] = Call.safeParse(args[1]).data?.by ?? [];
  return {
    kind: 'tool',
    tool: activityType,
    ...(agent === undefined || turn === undefined ? {} : { agent, turn }),
  };
}
