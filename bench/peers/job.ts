/** The job that all contenders do: so many turns of one model call and one tool call, and a final answer. */
export interface Job {
  /** Names the run, in the prompt too: by it tool calls and model calls are counted. */
  id: string;
  turns: number;
}

export const ANSWER_BYTES = 400;
export const RESULT_BYTES = 2_000;
export const INSTRUCTIONS = 'Read the pages, one at a time.';

/** Arguments of the tool `page`, as the model gives them. */
export interface PageArguments {
  turn: number;
  bytes: number;
  run: string;
}

/** The tool's arguments as a JSON schema. */
export const PAGE_PARAMETERS = {
  type: 'object' as const,
  properties: {
    turn: { type: 'number' as const },
    bytes: { type: 'number' as const },
    run: { type: 'string' as const },
  },
  required: ['turn', 'bytes', 'run'] as ('turn' | 'bytes' | 'run')[],
  additionalProperties: false as const,
};

export function promptOf({ id, turns }: Job): string {
  return `turns=${turns} bytes=${RESULT_BYTES} run=${id}`;
}
