import { Context } from '@temporalio/activity';
import type { AssistantMessage, Message } from '../agents/message.js';
import type { Amount } from '../agents/usage.js';
import type { NextStep, TurnAnswer, TurnFailureDetails, TurnInput, TurnResult } from '../agents/turn.js';
import type { Conversation } from './conversation.js';
import { callId } from './call-id.js';
import { failure } from './fail.js';
import { withHeartbeat } from './heartbeat.js';
import type { AskModel, ModelAnswer } from './models/model.js';
import { costOf, estimateTokens, highestAmount, outputLimit, priceOf } from './models/price.js';
import { toFailure } from './models/to-failure.js';
import { checkInput, checkLimits } from './check-turn.js';
import { stepOfCalls } from './step-of-calls.js';
import type { RegisteredAgent, Registry } from './registry.js';
import type { TranscriptCache } from './transcript-cache.js';
import type { TranscriptReader } from './transcript-reader.js';

const DEFAULT_REPAIRS = 2;
const DEFAULT_MODEL_TIMEOUT_MS = 120_000;
/** Tokens of tool results and new input that the quote for the next turn allows for. */
const QUOTE_ALLOWANCE = 2_000;

export interface TurnDependencies {
  registry: Registry;
  reader: TranscriptReader;
  cache: TranscriptCache;
  askModel: AskModel;
}

/**
 * The turn activity: calls one model once, and says what follows from its answer. It returns only what is new,
 * and leaves every further move (a repair, the next model, the tool calls) to the workflow.
 */
export function turnActivity(dependencies: TurnDependencies) {
  return (input: TurnInput): Promise<TurnResult> => withHeartbeat(() => takeTurn(dependencies, input));
}

async function takeTurn(
  { registry, reader, cache, askModel }: TurnDependencies,
  input: TurnInput,
): Promise<TurnResult> {
  const { info, cancellationSignal } = Context.current();
  const agent = agentOf(registry, input);
  const { alias, model, next } = modelOf(registry, agent, input);
  const { workflowExecution } = info;
  if (!workflowExecution)
    throw failure('TranscriptUnavailable', 'a turn is taken for a workflow only', { final: true });

  const conversation = await reader.read(workflowExecution, input);
  const details: TurnFailureDetails = { model: alias, head: conversation.head, ...(next ? { next } : {}) };
  await checkInput(agent, conversation, details);
  checkLimits(agent, input.turn, conversation, details);

  const price = priceOf(model);
  const { grant } = input;
  const limit = agent.spec.limits?.outputTokens ?? (grant ? Infinity : undefined);
  const outputTokens = limit === undefined ? model.maxOutputTokens : outputLimit(model, limit);
  if (grant) {
    if (!price && grant.usd !== undefined)
      throw failure('PriceUnknown', `model "${alias}" (${model.model})`, { details });
    const highest = highestAmount(price, promptTokens(agent, conversation), outputLimit(model, limit));
    if (!covers(grant, highest)) return { kind: 'quote', quote: highest, head: conversation.head };
  }

  const answer = await askModel({
    model,
    instructions: agent.spec.instructions,
    conversation,
    callId: (message, call) => callId(input.transcript, message, call),
    tools: agent.offers,
    ...(agent.output ? { output: agent.output } : {}),
    ...(outputTokens === undefined ? {} : { outputTokens }),
    ...(agent.spec.temperature === undefined ? {} : { temperature: agent.spec.temperature }),
    signal: cancellationSignal,
    // A little less than the attempt has, so that a silent provider is reported as such.
    timeout: info.startToCloseTimeoutMs ? info.startToCloseTimeoutMs * 0.95 : DEFAULT_MODEL_TIMEOUT_MS,
  }).catch((error: unknown) => {
    throw toFailure(error, { attempt: info.attempt, signal: cancellationSignal, details });
  });

  const { message, usage } = answer;
  const cost = price ? costOf(price, usage) : undefined;
  const spent = { ...details, usage, ...(cost === undefined ? {} : { cost }) };
  const step = await nextStep(agent, conversation, answer, cache, spent);
  return {
    kind: 'answer',
    version: agent.version,
    ...(agent.spec.pin ? { pin: true as const } : {}),
    model: alias,
    ...(model.model === alias ? {} : { modelName: model.model }),
    head: conversation.head,
    message,
    digest: cache.rememberMessage(message),
    usage,
    ...(cost === undefined ? {} : { cost }),
    ...(grant
      ? {
          quote: highestAmount(
            price,
            usage.input + usage.output + QUOTE_ALLOWANCE,
            outputLimit(model, limit),
          ),
        }
      : {}),
    ...(answer.offline ? { offline: true as const } : {}),
    step,
  } satisfies TurnAnswer;
}

function agentOf(registry: Registry, { agent: name, version }: TurnInput): RegisteredAgent {
  const agent = registry.agents.get(name);
  if (!agent) {
    throw failure(
      'AgentUnknown',
      `agent "${name}" is not among this worker's: ${registry.agentNames.join(', ') || 'it has none'}`,
    );
  }
  if (version !== undefined && version !== agent.version) {
    throw failure(
      'VersionUnavailable',
      `agent "${name}" began with version ${version}, this worker has ${agent.version}`,
    );
  }
  return agent;
}

function modelOf(registry: Registry, agent: RegisteredAgent, input: TurnInput) {
  const models = input.models ?? agent.models;
  const place = input.model ?? 0;
  const alias = models[place] ?? '';
  const model = registry.model(alias);
  if (!model) throw failure('BadRequest', `this worker has no model "${alias}" for agent "${agent.name}"`);
  return { alias, model, next: place + 1 < models.length ? place + 1 : undefined };
}

function promptTokens(agent: RegisteredAgent, conversation: Conversation): number {
  const tools = agent.offers.map(({ name, description, parameters }) => [name, description, parameters]);
  const frame = JSON.stringify([agent.spec.instructions, tools, agent.output?.json]);
  return estimateTokens(frame.length + conversation.size);
}

function covers(grant: Amount, amount: { usd: number; tokens: number }): boolean {
  return (grant.usd ?? Infinity) >= amount.usd && (grant.tokens ?? Infinity) >= amount.tokens;
}

async function nextStep(
  agent: RegisteredAgent,
  conversation: Conversation,
  { message, finish }: ModelAnswer,
  cache: TranscriptCache,
  details: TurnFailureDetails,
): Promise<NextStep> {
  if (finish === 'filter' || (message.refusal !== undefined && !message.calls)) {
    throw failure('Refused', message.refusal ?? "stopped by the provider's content filter", { details });
  }
  if (finish === 'length') {
    throw failure('OutputInvalid', 'the answer was cut at the limit of its tokens', { details });
  }
  if (message.calls) return stepOfCalls(agent, message.calls, message.text);
  const parsed = await parseOutput(agent, message);
  if (parsed.ok) {
    if (parsed.same) return { kind: 'final', json: true };
    return parsed.output === message.text ? { kind: 'final' } : { kind: 'final', output: parsed.output };
  }
  if (repairsInARow(conversation.messages) >= (agent.spec.limits?.repairs ?? DEFAULT_REPAIRS)) {
    throw failure('OutputInvalid', parsed.problem, { details });
  }
  const repair = {
    role: 'user',
    content: `${parsed.problem}\nAnswer again, corrected.`,
    repair: true,
  } as const;
  return { kind: 'repair', message: repair, digest: cache.rememberMessage(repair) };
}

async function parseOutput({ output, spec }: RegisteredAgent, { text = '' }: AssistantMessage) {
  if (output) return output.parse(text);
  if (text === '') return { ok: false, problem: 'The answer is empty.' } as const;
  const parsed = await spec.output?.safeParseAsync(text);
  if (parsed && !parsed.success)
    return { ok: false, problem: parsed.error.issues.map((issue) => issue.message).join('\n') } as const;
  return { ok: true, output: text, same: false } as const;
}

function repairsInARow(messages: readonly Message[]): number {
  let count = 0;
  for (const message of [...messages].reverse()) {
    if (message.role === 'user' && message.repair) count++;
    else if (message.role !== 'assistant' || message.calls) break;
  }
  return count;
}
