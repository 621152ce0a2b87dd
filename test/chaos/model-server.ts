import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Models } from '../../src/agents/models.js';
import type { Judgement, JudgeInput } from '../../src/agents/built-in/judge.js';
import type { Plan, PlanRequest, Review, SynthesisRequest } from '../../src/agents/plan.js';
import { completionOf } from '../../src/testing/completion.js';
import type { Answer, ChatRequest, Reply } from '../../src/testing/index.js';
import { sendReply } from '../../src/testing/send-reply.js';
import { caseIn } from './errand.js';
import { DOOMS, FAULTS, mayHappen, type Doom } from './faults.js';
import { Random } from './random.js';
import { ROLES, type PlanGoal, type Role } from './roles.js';
import { nextOf, walkConversation } from './walk-conversation.js';

/** How a case is answered beside what its errands say. */
export interface Treatment {
  /** From the turn of an errand on that has so many turns before it, every request fails in this way. */
  doom?: { how: Doom; from: number };
  /** Whether chance may have a call of it fail for good. */
  mayEnd: boolean;
  /** Whether the model answers at once. */
  isQuick: boolean;
}

/** USD per million tokens. */
const PRICE = { input: 1, output: 2 };
const LAST_MODEL = 'backup';

/**
 * A model server that fails at a share of its requests, in all the ways that there are. What it answers is a function of the request;
 * whether and how it fails, of the seed and the request's number. It looks at every conversation that it is shown.
 */
export class ChaosModel {
  requests = 0;
  /** How often which fault happened. */
  readonly faults = new Map<string, number>();
  /** By case: the failures that it was given. */
  readonly injected = new Map<string, Set<string>>();
  /** By case: what it must pay, in USD, by this server's own count. */
  readonly served = new Map<string, number>();
  /** What is wrong in conversations that it was shown. */
  readonly problems: { case: string; problem: string }[] = [];
  conversations = 0;
  private readonly told = new Map<string, string>();
  private blackoutUntil = 0;

  constructor(
    private readonly server: Server,
    readonly url: string,
    private readonly options: {
      seed: number;
      /** Share of the requests that fail. */
      faults: number;
      treatment: (of: string) => Treatment;
    },
  ) {}

  models(): Models {
    const model = (name: string) => ({
      model: name,
      baseUrl: this.url,
      apiKeyEnv: 'CHAOS_KEY',
      price: PRICE,
    });
    return {
      small: model('small'),
      large: { ...model('large'), stream: true },
      [LAST_MODEL]: model(LAST_MODEL),
    };
  }

  /** The first model of all agents is down for a while. */
  blackOut(ms: number): void {
    this.blackoutUntil = Date.now() + ms;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  async handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = '';
    for await (const chunk of incoming.setEncoding('utf8')) text += chunk;
    const request = JSON.parse(text) as ChatRequest;
    const random = new Random(this.options.seed, `request ${this.requests++}`);
    const of = caseIn(text) ?? 'no case';
    const { answer, turns } = this.answerTo(request, of);
    const treatment = this.options.treatment(of);
    const { reply, isPaid } = this.replyTo(request, of, { answer, turns, random, treatment });
    // What a fault says instead is charged for as it is said.
    const body = completionOf(request, isAnswer(reply) ? reply : answer);
    const usage = usageOf(request, body);
    if (isPaid) this.pay(of, usage);
    await delay(treatment.isQuick ? random.between(5, 40) : random.between(50, 700));
    const whole = isAnswer(reply) && request.stream !== true;
    await sendReply(response, request, whole ? { status: 200, body: { ...body, usage } } : reply, () =>
      response.socket?.resetAndDestroy(),
    );
  }

  private replyTo(
    request: ChatRequest,
    of: string,
    {
      answer,
      turns,
      random,
      treatment: { doom, mayEnd },
    }: { answer: Answer; turns: number; random: Random; treatment: Treatment },
  ): { reply: Reply; isPaid: boolean } {
    if (doom && turns >= doom.from) {
      const { code, reply, isPaid } = DOOMS[doom.how];
      this.note(of, `doom: ${doom.how}`, code);
      return { reply, isPaid };
    }
    if (request.model === 'small' && Date.now() < this.blackoutUntil) {
      this.note(of, 'blackout', 'ProviderDown');
      return { reply: { status: 503 }, isPaid: false };
    }
    if (random.next() >= this.options.faults) return { reply: answer, isPaid: true };
    const isLast = request.model === LAST_MODEL;
    const fault = random.weighted(
      FAULTS.filter((one) => mayHappen(one, request, answer, { isLast, mayEnd })),
    );
    this.note(of, fault.name, fault.code);
    return { reply: fault.reply(answer), isPaid: fault.isPaid === true };
  }

  private note(of: string, name: string, code: string): void {
    this.faults.set(name, (this.faults.get(name) ?? 0) + 1);
    const codes = this.injected.get(of) ?? new Set();
    this.injected.set(of, codes.add(code));
  }

  private pay(of: string, { prompt_tokens: prompt, completion_tokens: completion }: Usage): void {
    const usd = (prompt * PRICE.input + completion * PRICE.output) / 1e6;
    this.served.set(of, (this.served.get(of) ?? 0) + usd);
  }

  /** What the model says, and how many turns of the errand there were before. */
  private answerTo(request: ChatRequest, of: string): { answer: Answer; turns: number } {
    const { messages } = request;
    const system = String(messages[0]?.content);
    const role = (Object.keys(ROLES) as Role[]).find((name) => system.startsWith(ROLES[name]));
    if (role) return { answer: roleAnswer(role, String(messages[1]?.content)), turns: 0 };
    this.conversations++;
    const { errands, problems } = walkConversation(messages);
    for (const problem of problems) this.problems.push({ case: of, problem });
    for (const { errand, results } of errands)
      for (const [turn, told] of results.entries())
        for (const [call, result] of told.entries())
          this.compare(of, `${errand.errand} turn ${turn + 1} call ${call + 1}`, result);
    const walked = errands.at(-1);
    if (!walked || walked.isAnswered) {
      this.problems.push({ case: of, problem: 'the model is asked for nothing' });
      return { answer: 'nothing is asked', turns: 0 };
    }
    const next = nextOf(walked);
    return {
      answer: 'calls' in next ? { calls: next.calls } : { json: next.answer },
      turns: walked.results.length,
    };
  }

  /** A result that was recorded once stays as it is, whoever is shown it. */
  private compare(of: string, place: string, result: string): void {
    const before = this.told.get(place);
    if (before === undefined) this.told.set(place, result);
    else if (before !== result)
      this.problems.push({ case: of, problem: `${place} was ${before}, and is now ${result}` });
  }

  /** What the conversations showed of a call. */
  shown(errand: string, turn: number, call: number): string | undefined {
    return this.told.get(`${errand} turn ${turn} call ${call}`);
  }
}

export async function startChaosModel(options: {
  seed: number;
  faults: number;
  treatment: (of: string) => Treatment;
}): Promise<ChaosModel> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const model = new ChaosModel(server, `http://127.0.0.1:${port}/v1`, options);
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    model.handle(request, response).catch((error: unknown) => {
      // A client that was killed breaks off its request.
      response.destroy(error as Error);
    });
  });
  return model;
}

interface Usage {
  prompt_tokens: number;
  completion_tokens: number;
  total_tokens: number;
}

function isAnswer(reply: Reply): reply is Answer {
  return typeof reply === 'string' || ['text', 'json', 'calls', 'refusal'].some((key) => key in reply);
}

/** Four characters of text are a token, and each message has some more. */
function usageOf({ messages, tools = [] }: ChatRequest, body: object): Usage {
  const said = (body as { choices: [{ message: ChatRequest['messages'][number] }] }).choices[0].message;
  const prompt =
    messages.reduce((sum, message) => sum + tokens(message), 0) + Math.ceil(JSON.stringify(tools).length / 5);
  const completion = tokens(said);
  return { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion };
}

function tokens({ content, tool_calls: calls = [] }: ChatRequest['messages'][number]): number {
  const said = calls as { function: { name: string; arguments: string } }[];
  const text = said.map(({ function: { name, arguments: args } }) => name + args).join('');
  return Math.ceil((text.length + (typeof content === 'string' ? content.length : 0)) / 4) + 4;
}

function roleAnswer(role: Role, input: string): Answer {
  switch (role) {
    case 'chief': {
      const { goal, failed } = JSON.parse(input) as PlanRequest;
      const { tasks } = JSON.parse(goal) as PlanGoal;
      return { json: { tasks: failed ? [] : tasks } satisfies Plan };
    }
    case 'checker':
      return { json: { problems: [], missing: [] } satisfies Review };
    case 'editor': {
      const { goal, results } = JSON.parse(input) as SynthesisRequest;
      const { case: of } = JSON.parse(goal) as PlanGoal;
      return { json: { case: of, results: results.map(({ id, output }) => ({ id, output })) } };
    }
    case 'judge': {
      const { candidates } = JSON.parse(input) as JudgeInput;
      const scores = candidates.map(({ label }, i) => ({ label, score: i % 10, reason: 'its place' }));
      return { json: { scores } satisfies Judgement };
    }
  }
}
