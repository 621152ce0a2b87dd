import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect, type Baton } from 'batonjs';
import { Random } from '../random.js';
import { planKills } from './kill-plan.js';
import { Kills, type Kill } from './kills.js';
import { runIdOf } from './names.js';
import type { Conversation } from './recordings.js';
import { startReplayModel, type ModelRequestSeen } from './replay-model.js';
import { LATE, timeLimit, type TimeLimit } from './time-limit.js';
import { Execution, startToolServer, type Pairing, type ToolArrival } from './tool-server.js';
import { WorkerPool } from './worker-pool.js';
import { converse } from './workflows.js';

export interface PlaySettings {
  /** Of the play: of its runs and its task queue. */
  name: string;
  conversations: readonly Conversation[];
  seed: number;
  pairing: Pairing;
  /** Whether workers are killed. */
  isDeadly: boolean;
  workers: number;
  /** Conversations at once. */
  atOnce: number;
  /** How long all of it may take. */
  ms: number;
  /** `host:port` of the Temporal server. */
  address: string;
  /** File with the workflow bundle's code. */
  bundle: string;
  /** For the log of executions. */
  folder: string;
}

export interface PlayedConversation {
  conversation: Conversation;
  as: 'run' | 'session';
  answers: readonly string[];
  /** Why it did not come to its end. */
  failure?: string;
}

/** What was seen of a play. */
export interface Played {
  conversations: readonly PlayedConversation[];
  requests: readonly ModelRequestSeen[];
  arrivals: readonly ToolArrival[];
  executions: readonly Execution[];
  refused: readonly string[];
  kills: readonly Kill[];
  /** When workers were killed, in ms. */
  killed: ReadonlyMap<number, number>;
  lostWorkers: readonly string[];
  seconds: number;
}

/** Plays conversations on workers that die: half of them as runs with one transcript, half as sessions. */
export async function play(settings: PlaySettings): Promise<Played> {
  const { name, conversations, seed, pairing, isDeadly, workers, atOnce, ms, address, bundle, folder } =
    settings;
  const random = new Random(seed, name);
  const byName = new Map(conversations.map((one) => [one.name, one]));
  const logFile = join(folder, `${name}.jsonl`);
  writeFileSync(logFile, '');
  const begun = Date.now();

  const pools: WorkerPool[] = [];
  const kills = new Kills({
    random,
    kill: (pid) => pools.some((pool) => pool.kill(pid)),
    pids: () => pools.flatMap((pool) => pool.pids()),
    loadMs: () => Math.max(0, ...pools.map((pool) => pool.loadMs)),
  });
  if (isDeadly) for (const one of conversations) kills.plan(one.name, planKills(one, random));
  const model = await startReplayModel(byName, kills);
  const toolServer = await startToolServer({ conversations: byName, kills, logFile, pairing });
  const pool = new WorkerPool(workers, {
    AIRLINE_ADDRESS: address,
    AIRLINE_QUEUE: name,
    AIRLINE_BUNDLE: bundle,
    AIRLINE_MODEL: model.url,
    AIRLINE_TOOLS: toolServer.url,
  });
  pools.push(pool);
  const baton = await connect({ address, taskQueue: name });

  const played: PlayedConversation[] = [];
  const waiting = conversations.map((conversation, i) => ({
    conversation,
    as: i % 2 === 0 ? ('run' as const) : ('session' as const),
  }));
  const over = timeLimit(ms);
  const playNext = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const outcome = over.isOver
        ? { answers: [], failure: LATE }
        : await outcomeOf(converseAs(baton, name, next), over);
      played.push({ ...next, ...outcome });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, playNext));
  over.stop();

  kills.stop();
  await pool.stop();
  // What is stuck still tries; on a closed connection it would end the process.
  if (!over.isOver) await baton.close();
  await model.stop();
  await toolServer.stop();
  return {
    conversations: played,
    requests: model.requests,
    arrivals: toolServer.arrivals,
    executions: readLog(logFile),
    refused: [...model.refused, ...toolServer.refused],
    kills: kills.kills,
    killed: kills.killed,
    lostWorkers: pool.lost,
    seconds: (Date.now() - begun) / 1000,
  };
}

/** Sessions go on in a new run after so many messages, and take the whole conversation along. */
const MESSAGES_PER_RUN = 2;
const KEEP = 900_000;

async function converseAs(
  baton: Baton,
  play: string,
  { conversation, as }: Pick<PlayedConversation, 'conversation' | 'as'>,
): Promise<string[]> {
  const { name: model, customer } = conversation;
  const id = runIdOf(play, model);
  if (as === 'run') return (await baton.start(converse, { model, customer }, { id })).result();
  const session = baton.session('clerk', { id, model, messagesPerRun: MESSAGES_PER_RUN, keep: KEEP });
  const answers: string[] = [];
  for (const [i, message] of customer.entries()) {
    answers.push(String(await session.send(message, { id: `message-${i}` })));
  }
  await session.close();
  const { ended, messages } = await session.run.result();
  if (ended !== 'closed' || messages !== customer.length) {
    throw new Error(`the session ended ${ended} after ${messages} of ${customer.length} messages`);
  }
  return answers;
}

async function outcomeOf(
  answers: Promise<string[]>,
  { late }: TimeLimit,
): Promise<Pick<PlayedConversation, 'answers' | 'failure'>> {
  try {
    return { answers: await Promise.race([answers, late]) };
  } catch (error) {
    return { answers: [], failure: reasonOf(error) };
  }
}

function reasonOf(error: unknown): string {
  const messages: string[] = [];
  for (let at = error; at instanceof Error; at = at.cause) messages.push(at.message);
  return messages.join(': ');
}

function readLog(file: string): Execution[] {
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  return lines.map((line) => Execution.parse(JSON.parse(line)));
}
