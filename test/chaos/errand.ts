/** A tool call that an agent is to make. */
export interface PlannedCall {
  tool: string;
  args: Record<string, string | number>;
}

/**
 * What an agent is to do, turn by turn. It is the agent's input, so that the model server knows from a request alone what comes next,
 * and whether all that came before is there.
 */
export interface Errand {
  /** Its id: the case and a letter. */
  errand: string;
  turns: PlannedCall[][];
  /** What the agent answers in the end. Default: what its tools told it. */
  answer?: Record<string, string>;
}

/** What an agent answers: what its tools gave it, word for word. */
export interface Told {
  errand: string;
  told: string[];
}

/** How an errand is said to an agent. */
export const inputOf = (errand: Errand): string => JSON.stringify(errand);

/** The errand in a message, where it is one. */
export function errandIn(content: unknown): Errand | undefined {
  return typeof content === 'string' && content.startsWith('{"errand"')
    ? (JSON.parse(content) as Errand)
    : undefined;
}

/** The case that a text speaks of. */
export const caseIn = (text: string): string | undefined => /case-\d+/.exec(text)?.[0];
