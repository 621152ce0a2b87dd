import { roundUsd } from '../agents/round-usd.js';
import type { TurnAnswer } from '../agents/turn.js';
import type { Amount, Usage } from '../agents/usage.js';
import type { Ledger } from './ledger.js';
import type { AgentPlacement } from './take-turn.js';
import type { Transcript } from './transcript.js';

/** One call of an agent, from its input to its output. */
export class AgentCall {
  readonly usage: Usage = { input: 0, output: 0 };
  cost = 0;
  /** Place of the model in use among the agent's. */
  model = 0;
  /** Hash of the definition that a pinned agent goes on with. */
  version: string | undefined;
  /** What the next turn may cost, as the last answer said. */
  quote: Amount | undefined;

  constructor(
    readonly name: string,
    readonly span: string,
    readonly placement: AgentPlacement,
    readonly transcript: Transcript,
    readonly ledger: Ledger,
    /** Aliases that replace the agent's own models. */
    readonly models: string[] | undefined,
  ) {}

  book({ usage, cost, quote }: TurnAnswer): void {
    this.spend(usage, cost);
    this.quote = quote;
  }

  /** Counts what a model call cost, also one whose answer could not be used. */
  spend(usage: Usage, cost = 0): void {
    this.usage.input += usage.input;
    this.usage.output += usage.output;
    if (usage.cached) this.usage.cached = (this.usage.cached ?? 0) + usage.cached;
    if (usage.reasoning) this.usage.reasoning = (this.usage.reasoning ?? 0) + usage.reasoning;
    this.cost = roundUsd(this.cost + cost);
  }
}
