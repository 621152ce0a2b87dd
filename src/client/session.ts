import type { Client } from '@temporalio/client';
import type { Agent, AnyAgent } from '../agents/define-agent.js';
import type { Json, Jsonify } from '../agents/json.js';
import type { Budget } from '../agents/usage.js';
import type { Duration } from '@temporalio/common';
import type { SessionEnd } from '../workflows/patterns/session.js';
import type { RunPriority } from './priority.js';
import { Run } from './run.js';
import { sendMessage, type SendOptions, type SessionStart } from './send-message.js';

/** What holds for a session, whatever runs it. It is used where the session is begun, which its first message does. */
export interface SessionStartOptions {
  /** Workflow id: where a session of that id is going on, messages go to it. */
  id: string;
  /** Hard limit over the whole session: US dollars and tokens. */
  budget?: Budget;
  tenant?: string;
  /** What is served first where work waits: 1 (`interactive`) before 5 (`batch`); children and turns inherit it. Default 3. */
  priority?: RunPriority;
  tags?: string[];
  taskQueue?: string;
}

/** How an agent's session is. */
export interface AgentSessionOptions extends SessionStartOptions {
  /** What the conversation is about: shown to the agent before all messages, and never dropped. */
  context?: Json;
  /** Ends the session when no message has come for so long. Default 30 days. */
  idle?: Duration;
  /** Bytes of conversation that are kept when the session is continued as a new run. Default 200,000. */
  keep?: number;
  /** Messages after which it is continued as a new run at the latest. Default 1,000. */
  messagesPerRun?: number;
  /** Alias of a model, or several in order of fall-back, instead of the agent's own. */
  model?: string | string[];
}

type InputOf<A extends AnyAgent> = A extends Agent<infer Input, unknown> ? Input : Json;
type OutputOf<A extends AnyAgent> = A extends Agent<unknown, infer Output> ? Jsonify<Output> : Json;

/** The session of an agent, typed by the agent. */
export type SessionOf<A extends AnyAgent> = Session<InputOf<A>, OutputOf<A>>;

/** A long-lived conversation with an agent. */
export class Session<Message = Json, Output = Json> {
  constructor(
    private readonly client: Client,
    readonly id: string,
    private readonly start: SessionStart,
  ) {}

  /** Its run: to look at it, to cancel it, to answer its approvals. */
  get run(): Run<SessionEnd> {
    return new Run(this.client, this.id, undefined);
  }

  /**
   * Sends a message and gives the agent's answer; the first message begins the session. Messages are answered one at a
   * time, in the order in which they come. One that is sent again with its id is not answered twice.
   * @throws BatonError: the code with which the agent failed; `TimedOut`, and the answer can be had by the id;
   * `SessionClosed`
   */
  async send(message: Message, options: SendOptions = {}): Promise<Output> {
    // The agent's schema has made it what the type says.
    return (await sendMessage(this.client, this.id, message, options, this.start)) as Output;
  }

  /** Has the session end when all that has come is answered. */
  close(): Promise<void> {
    return this.run.close();
  }
}
