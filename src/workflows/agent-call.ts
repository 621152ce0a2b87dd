import { addUsage } from '../agents/add-usage.js';
import type { Note } from '../agents/note.js';
import { roundUsd } from '../agents/round-usd.js';
import type { TurnAnswer } from '../agents/turn.js';
import type { Amount, Usage } from '../agents/usage.js';
import type { Ledger } from './ledger.js';
import { noteOf } from './notes.js';
import { runState } from './run-state.js';
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
  /** Whether it sums up a conversation, of which nothing may be left out. */
  whole?: boolean;
}

/** What a turn may cost at most. */
export interface Quote extends Amount {
  /** Set where the turn before it said so: it could not know what would come of its tools. */
  estimate?: true;
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
  readonly whole: boolean;
  usage: Usage = { input: 0, output: 0 };
  cost = 0;
  /** Turns that were begun. */
  turns = 0;
  /** Place of the model in use among the agent's. */
  model = 0;
  /** Whether a local agent's turns may still be local. */
  local = true;
  /** Hash of the definition that a pinned agent goes on with. */
  version: string | undefined;
  /** How often in the turn under way the conversation was found too long. */
  compacted = 0;
  /** What the next turn may cost, as the last answer said. */
  quote: Quote | undefined;
  /** How often the provider was down at the turn that is being taken, in activities that have ended. */
  down = 0;
  /** Whether a soft budget was reached, so that the agent's cheaper model is to answer. */
  thrifty = false;
  /** Whether it, or a call that is a part of it, has called a tool that writes, and the call was not without effect. */
  hasWritten = false;
  /** What did not go as it should in it, and in the calls that are a part of it. */
  readonly notes: Note[] = [];

  constructor(settings: AgentCallSettings) {
    const { name, span, placement, transcript, ledger, models, depth, within, whole = false } = settings;
    this.name = name;
    this.span = span;
    this.placement = placement;
    this.transcript = transcript;
    this.ledger = ledger;
    this.models = models;
    this.depth = depth;
    this.within = within;
    this.whole = whole;
  }

  /** Goes on from where the agent stood when it handed the conversation over. */
  resume({ turns, model, version }: AgentCall): void {
    this.turns = turns;
    this.model = model;
    this.version = version;
  }

  book({ usage, cost, quote }: TurnAnswer): void {
    this.spend(usage, cost);
    this.quote = quote && { ...quote, estimate: true };
  }

  /** Notes something of this call, for its result and for the run. */
  note(note: Omit<Note, 'at'>): void {
    const noted = noteOf({ at: this.span, ...note });
    runState().notes.add(noted);
    this.keep(noted);
  }

  /** Notes that a tool has written, or may have. */
  wrote(): void {
    this.hasWritten = true;
    this.within?.wrote();
  }

  private keep(note: Note): void {
    this.notes.push(note);
    this.within?.keep(note);
  }

  /** Counts what a model call cost, also one whose answer could not be used. */
  spend(usage: Usage, cost = 0): void {
    this.usage = addUsage(this.usage, usage);
    this.cost = roundUsd(this.cost + cost);
    this.within?.spend(usage, cost);
  }
}
