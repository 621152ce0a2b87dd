import type { Arrival, Reply, ScriptedModel } from '../../src/testing/index.js';
import type { ChatRequest } from '../../src/testing/scripted-model.js';

type Answer = Reply | ((request: ChatRequest) => Reply);

/** One case among many at a model: its requests hold its name, and those of an agent the words `You are <agent>.` */
export class Cast {
  constructor(
    private readonly model: ScriptedModel,
    readonly text: string,
  ) {}

  /** What each agent answers, in order; one answer stands for any number. */
  script(answers: Readonly<Record<string, Answer | Answer[]>>): this {
    for (const [agent, given] of Object.entries(answers)) {
      const when = (request: ChatRequest) => this.isOf(agent, request);
      const entries = Array.isArray(given)
        ? given.map((reply) => ({ when, reply }))
        : [{ when, reply: given, times: Infinity }];
      this.model.script(...entries);
    }
    return this;
  }

  /** The requests of an agent so far. */
  asked(agent: string): Arrival[] {
    return this.model.arrivals.filter(({ request }) => this.isOf(agent, request));
  }

  /** What an agent was sent beside its instructions, one text for each message, in the request of that number. */
  said(agent: string, number = 0): string[] {
    const { messages = [] } = this.asked(agent)[number]?.request ?? {};
    return messages.slice(1).map(({ content }) => String(content));
  }

  /** Waits until an agent has been asked so often. */
  async arrived(agent: string, count = 1): Promise<void> {
    while (this.asked(agent).length < count) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  /** Waits until a request of an agent has been given up. */
  async abandoned(agent: string, count = 1): Promise<void> {
    while (this.asked(agent).filter(({ abandoned }) => abandoned).length < count)
      await new Promise((resolve) => setTimeout(resolve, 20));
  }

  private isOf(agent: string, { messages }: ChatRequest): boolean {
    const text = JSON.stringify(messages);
    return text.includes(this.text) && text.includes(`You are ${agent}.`);
  }
}
