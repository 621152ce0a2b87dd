import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { AssistantMessage, Message } from '../agents/message.js';
import type { Amount } from '../agents/usage.js';
import {
  TurnFailureDetails,
  type NextStep,
  type TurnAnswer,
  type TurnInput,
  type TurnResult,
} from '../agents/turn.js';
import type { Circuits } from './circuits/circuits.js';
import { Prompt } from './compaction.js';
import type { Conversation } from './conversation.js';
import type { DeploymentWatch } from './deployment-watch.js';
import { callId } from './call-id.js';
import { failure } from './fail.js';
import { withHeartbeat } from './heartbeat.js';
import type { AskModel, ModelAnswer } from './models/model.js';
import { costOf, highestAmount, outputLimit, priceOf } from './models/price.js';
import { beginAttempt, countProviderDown, endAttempt, lostAttempt } from './attempt-log.js';
import { toFailure } from './models/to-failure.js';
import type { PromptSizes } from './prompt-sizes.js';
import { checkInput, checkLimits } from './check-turn.js';
import { stepOfCalls } from './step-of-calls.js';
import { timeLeft } from './time-left.js';
import type { RegisteredAgent, Registry } from './registry.js';
import { readOffers, storedIn } from './stored-results.js';
import type { TranscriptCache } from './transcript-cache.js';
import type { TranscriptReader } from './transcript-reader.js';

const DEFAULT_REPAIRS = 2;
/** Tokens of tool results and new input that the quote for the next turn allows for. */
const QUOTE_ALLOWANCE = 2_000;

export interface TurnDependencies {
  registry: Registry;
  reader: TranscriptReader;
  cache: TranscriptCache;
  askModel: AskModel;
  sizes: PromptSizes;
  circuits: Circuits;
  deployment: DeploymentWatch;
}

/**
 * The turn activity: calls one model once, and says what follows from its answer. It returns only what is new,
 * and leaves every further move (a repair, the next model, the tool calls) to the workflow.
 */
export function turnActivity(dependencies: TurnDependencies) {
  return (input: TurnInput): Promise<TurnResult> =>
    withHeartbeat(() => attempt(dependencies, input), Context.current().info.heartbeatDetails);
}

async function attempt(dependencies: TurnDependencies, input: TurnInput): Promise<TurnResult> {
  beginAttempt(input.down);
  try {
    return await takeTurn(dependencies, input);
  } catch (error) {
    const { maybePaid } = TurnFailureDetails.safeParse(detailsOf(error)).data ?? {};
    // What was asked when the worker was stopped may be paid for all the same.
    endAttempt(maybePaid !== true && !Context.current().cancellationSignal.aborted);
    throw error;
  }
}

function detailsOf(error: unknown): unknown {
  return error instanceof ApplicationFailure ? error.details?.[0] : undefined;
}

async function takeTurn(
  { registry, reader, cache, askModel, sizes, circuits, deployment }: TurnDependencies,
  input: TurnInput,
): Promise<TurnResult> {
  const began = performance.now();
  const { info, cancellationSignal } = Context.current();
  const outdated = deployment.outdated(() => Context.current().client);
  const agent = agentOf(registry, input);
  const { alias, model, next, rest, later, thrifty } = modelOf(registry, agent, input);
  const { workflowExecution } = info;
  if (!workflowExecution)
    throw failure('TranscriptUnavailable', 'a turn is taken for a workflow only', { final: true });

  const conversation = await reader.read(workflowExecution, input);
  const { grant } = input;
  const lost = grant && lostAttempt();
  const details: TurnFailureDetails = {
    model: alias,
    head: conversation.head,
    ...(next ? { next } : {}),
    ...(lost ? { maybePaid: true as const } : {}),
  };
  await checkInput(agent, conversation, details);
  checkLimits(agent, input.turn, conversation, details);
  const { runId } = workflowExecution;
  const models = [alias, ...rest] as const;
  const prompt = new Prompt({ registry, sizes, agent, input, models, model, conversation, runId, details });
  const tooLong = prompt.compaction();
  if (tooLong) return { ...tooLong, ...lost };

  const price = priceOf(model);
  const limit = agent.spec.limits?.outputTokens ?? (grant ? Infinity : undefined);
  const outputTokens = limit === undefined ? model.maxOutputTokens : outputLimit(model, limit);
  if (grant) {
    if (!price && grant.usd !== undefined)
      throw failure('PriceUnknown', `model "${alias}" (${model.model})`, { details });
    const highest = highestAmount(price, prompt.mostTokens, outputLimit(model, limit));
    const quote = { kind: 'quote', quote: highest, head: conversation.head } as const;
    if (!covers(grant, highest)) return quote;
    if (lost) return { ...quote, ...lost };
  }

  const asked = circuits.guard(
    { alias, model, later, elsewhere: input.elsewhere === true, details },
    (isTrial) =>
      askModel({
        model,
        instructions: agent.spec.instructions,
        messages: prompt.shown,
        callId: (message, call) => callId(input.transcript, message, call),
        tools: readOffers(agent.offers, conversation.messages),
        ...(agent.output ? { output: agent.output } : {}),
        ...(outputTokens === undefined ? {} : { outputTokens }),
        ...(agent.spec.temperature === undefined ? {} : { temperature: agent.spec.temperature }),
        signal: cancellationSignal,
        timeout: timeLeft(began),
      }).catch((error: unknown) => {
        throw toFailure(error, {
          countDown: isTrial ? () => 0 : countProviderDown,
          signal: cancellationSignal,
          details,
        });
      }),
  );
  const answer = await asked.catch((error: unknown) => prompt.compactionAfter(error));
  if ('kind' in answer) return answer;

  const { message, usage } = answer;
  prompt.answered(usage.input);
  const cost = price ? costOf(price, usage) : undefined;
  const uncounted = grant !== undefined && usage.input + usage.output === 0;
  const spent = {
    ...details,
    ...(uncounted ? { maybePaid: true as const } : { usage, ...(cost === undefined ? {} : { cost }) }),
  };
  const step = await nextStep(agent, conversation, answer, cache, spent);
  return {
    kind: 'answer',
    agent: agent.name,
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
    ...(uncounted ? { uncounted: true as const } : {}),
    ...(thrifty ? { thrifty: true as const } : {}),
    ...(answer.offline ? { offline: true as const } : {}),
    ...(outdated === undefined ? {} : { outdated }),
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
  const cheaper = input.thrifty && !input.models ? agent.spec.cheaper : undefined;
  const models =
    cheaper === undefined
      ? (input.models ?? agent.models)
      : [cheaper, ...agent.models.filter((alias) => alias !== cheaper)];
  const place = input.model ?? 0;
  const alias = models[place] ?? '';
  const model = registry.model(alias);
  if (!model) throw failure('BadRequest', `this worker has no model "${alias}" for agent "${agent.name}"`);
  const later = models.flatMap((other, at) => {
    const model = at > place ? registry.model(other) : undefined;
    return model ? [{ place: at, model }] : [];
  });
  const next = place + 1 < models.length ? place + 1 : undefined;
  return { alias, model, next, rest: models.slice(place + 1), later, thrifty: cheaper !== undefined };
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
  if (message.calls) return stepOfCalls(agent, message.calls, message.text, storedIn(conversation.messages));
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
