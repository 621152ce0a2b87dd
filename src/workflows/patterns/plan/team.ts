import type { AgentCard } from '../../../agents/agent-card.js';
import type { Json } from '../../../agents/json.js';
import type { PlannedTask, WorkerCard } from '../../../agents/plan.js';
import type { Amount } from '../../../agents/usage.js';
import { byteLength } from '../../byte-length.js';
import { asChild, performChild } from '../../child.js';
import { describeAgents } from '../../describe-agents.js';
import { failure } from '../../fail.js';
import { namedCallOf, type ChildCall } from '../../named-call.js';
import type { Revision } from './board.js';

/** What a worker that is no agent is given. */
export interface WorkerTask {
  /** What to do, in words. */
  task: string;
  /** Data for it, where the planner gave some. */
  input?: Json;
  /** Outputs of the tasks that it needs, by their ids. */
  needs: Record<string, Json>;
  /** Set where the task is done again: what it gave before, and what is to be better. */
  revision?: Revision;
}

/** An agent, an agent or an orchestration by `asChild`, or a function of a `WorkerTask`, which runs in the plan's own run. */
type WorkerRun = (input: never) => Promise<unknown>;

/** A worker; what is no agent needs a description, for the planner. */
export type Worker = WorkerRun | { run: WorkerRun; description: string };

export type Workers = Readonly<Record<string, Worker>>;

export interface TeamMember {
  card: WorkerCard;
  perform(task: WorkerTask, budget: Amount | undefined): Promise<unknown>;
}

/** A payload has 2 MB at most. */
const INPUT_BYTES = 1_500_000;

/** The workers by name, with what the planner must know of them: agents are described by their definitions. */
export async function gatherTeam(workers: Workers): Promise<ReadonlyMap<string, TeamMember>> {
  const recruits = Object.entries(workers).map(([name, worker]) => recruit(name, worker));
  if (recruits.length === 0) throw failure('ConfigInvalid', 'a plan needs a worker at least');
  const cards = await cardsOf(recruits);
  return new Map(recruits.map((one) => [one.name, memberOf(one, cards.get(one))]));
}

interface Recruit {
  name: string;
  run: WorkerRun;
  /** Absent: a function without a name of its own. */
  call?: ChildCall;
  description?: string;
}

function recruit(name: string, worker: Worker): Recruit {
  const { run, ...rest }: { run: WorkerRun; description?: string } =
    typeof worker === 'function' ? { run: worker } : worker;
  // What has a name runs as a child, whether it was given so or not.
  const call = namedCallOf(run) && namedCallOf(asChild(run));
  return { name, run, ...rest, ...(call?.kind === 'child' ? { call } : {}) };
}

async function cardsOf(recruits: readonly Recruit[]): Promise<Map<Recruit, AgentCard>> {
  const agents = recruits.filter(({ call }) => call?.agent !== undefined);
  const queues = new Set(agents.map(({ call }) => call?.placement?.taskQueue));
  const cards = new Map<Recruit, AgentCard>();
  await Promise.all(
    [...queues].map(async (taskQueue) => {
      const there = agents.filter(({ call }) => call?.placement?.taskQueue === taskQueue);
      const names = [...new Set(there.map(({ call }) => call?.agent ?? ''))];
      const described = await describeAgents(names, taskQueue === undefined ? {} : { taskQueue });
      for (const one of there) {
        const card = described.find(({ name }) => name === one.call?.agent);
        if (!card)
          throw failure('AgentUnknown', `the worker "${one.name}": there is no agent "${one.call?.agent}"`);
        cards.set(one, card);
      }
    }),
  );
  return cards;
}

function memberOf({ name, run, call, description: given }: Recruit, card: AgentCard | undefined): TeamMember {
  const description = given ?? card?.description;
  if (description === undefined) {
    throw failure(
      'ConfigInvalid',
      `the worker "${name}" of the plan is no agent and needs a description: ${name}: { run, description: '...' }`,
    );
  }
  const takesText = card?.input['type'] === 'string';
  return {
    card: {
      name,
      description,
      ...(card && card.capabilities.length > 0 ? { capabilities: card.capabilities } : {}),
      ...(card && !takesText ? { takes: card.input } : {}),
    },
    perform(task, budget) {
      if (byteLength(task) > INPUT_BYTES)
        throw failure('TooLarge', `what the task needs has more than ${INPUT_BYTES} bytes`);
      if (!call) return (run as (task: WorkerTask) => Promise<unknown>)(task);
      const wanted = call.options.budget ?? budget;
      const own = { ...call, options: { ...call.options, ...(wanted ? { budget: wanted } : {}) } };
      if (!card) return performChild(own, task as unknown as Json);
      const context = contextOf(task, takesText);
      return performChild(own, takesText ? task.task : (task.input ?? null), context ? { context } : {});
    },
  };
}

/** What an agent is shown beside its input. */
function contextOf({ task, needs, revision }: WorkerTask, takesText: boolean): Json | undefined {
  const context = {
    ...(takesText ? {} : { task }),
    ...(Object.keys(needs).length > 0 ? { needs } : {}),
    ...(revision ? { revision: { ...revision } } : {}),
  };
  return Object.keys(context).length > 0 ? context : undefined;
}

/** Whether a worker takes an input of its own beside the text, by name: what the rules for tasks ask. */
export function workerRules(team: ReadonlyMap<string, TeamMember>): Map<string, { takesInput: boolean }> {
  return new Map([...team].map(([name, { card }]) => [name, { takesInput: card.takes !== undefined }]));
}

/** The input of a worker of a plan. */
export function workerTask(
  { task, input }: PlannedTask,
  needs: Record<string, Json>,
  revision: Revision | undefined,
): WorkerTask {
  return { task, ...(input === undefined ? {} : { input }), needs, ...(revision ? { revision } : {}) };
}
