import { roundUsd } from '../agents/round-usd.js';
import type { TurnAnswer } from '../agents/turn.js';
import type { Amount, Usage } from '../agents/usage.js';
import type { Ledger } from './ledger.js';
import type { AgentPlacement } from './take-turn.js';
import type { Transcript } from './transcript.js';

export interface AgentCallSettings {
  name: string;
  span: string;
  placement: AgentPlacement;
  transcript: Transcript;
  ledger: Ledger;
  /** Aliases that replace the agent's own models. */
  models: string[] | undefined;
  /** How many agents have called each other down to this one, as tools. */
  depth: number;
  /** The call that this one is a part of, and that what it spends is counted in as well. */
  within?: AgentCall | undefined;
}

/** One call of an agent, from its input to its output or to the hand-off to another agent. */
export class AgentCall implements Readonly<AgentCallSettings> {
  readonly name: string;
  readonly span: string;
  readonly placement: AgentPlacement;
  readonly transcript: Transcript;
  readonly ledger: Ledger;
  readonly models: string[] | undefined;
  readonly depth: number;
  readonly within: AgentCall | undefined;
  readonly usage: Usage = { input: 0, output: 0 };
  cost = 0;
  /** Turns that were begun. */
  turns = 0;
  /** Place of the model in use among the agent's. */
  model = 0;
  /** Hash of the definition that a pinned agent goes on with. */
  version: string | undefined;
  /** What the next turn may cost, as the last answer said. */
  quote: Amount | undefined;

  constructor({ name, span, placement, transcript, ledger, models, depth, within }: AgentCallSettings) {
    this.name = name;
    this.span = span;
    this.placement = placement;
    this.transcript = transcript;
    this.ledger = ledger;
    this.models = models;
    this.depth = depth;
    this.within = within;
  }

  /** Goes on from where the agent stood when it handed the conversation over. */
  resume({ turns, model, version }: AgentCall): void {
    this.turns = turns;
    this.model = model;
    this.version = version;
  }

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
    this.within?.spend(usage, cost);
  }
}
