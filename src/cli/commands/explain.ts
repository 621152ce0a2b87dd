import { Command } from 'commander';
import { z } from 'zod';
import { agentsWithin, boundsOfAgent } from '../../activities/agent-bounds.js';
import { boundsOfMap, boundsOfPlan } from '../../activities/pattern-bounds.js';
import { Registry } from '../../activities/registry.js';
import { planLimits } from '../../agents/plan-limits.js';
import { debuggable } from '../connection-flags.js';
import { CliError } from '../failures.js';
import { say, sayJson, type Io } from '../io.js';
import { parseCount } from '../option-values.js';
import { paintFor } from '../paint.js';
import { locatingProject, type ProjectFlags } from '../project-flags.js';
import { loadDefinitions, requireProject } from '../project.js';
import { renderBounds, type Explanation } from '../render-bounds.js';
import { readRunInput } from '../run-input.js';

type Flags = ProjectFlags & { json?: boolean };

/** What of a plan's input its bounds depend on. */
const PlanInput = z.object({
  workers: z.array(z.string()).min(1),
  review: z.union([z.literal('each'), z.literal('end'), z.literal(false)]).default('end'),
  limits: z.record(z.string(), z.unknown()).optional(),
});

export function explainCommand(io: Io): Command {
  const agent = new Command('agent')
    .description('one call of an agent')
    .argument('<agent>', 'name of the agent')
    .action((name: string, flags: Flags) =>
      explain(flags, io, (registry) => ({
        title: `one call of ${name}`,
        agents: agentsWithin(registry, name),
        total: boundsOfAgent(registry, name),
      })),
    );
  const plan = new Command('plan')
    .description('a run of the orchestration "plan"')
    .requiredOption('--input <json>', 'its input: JSON, @FILE, or - for standard input')
    .action(async (flags: Flags & { input: string }) => {
      const { workers, review, limits } = await readPlan(flags.input, io);
      return explain(flags, io, (registry) => ({
        title: 'a plan',
        agents: [...new Set(workers)].flatMap((name) => agentsWithin(registry, name)),
        ...boundsOfPlan(registry, { workers, review, limits }),
      }));
    });
  const map = new Command('map')
    .description('mapAll of an agent over a list')
    .argument('<agent>', 'name of the agent')
    .requiredOption('--items <n>', 'length of the list', parseCount)
    .option('--concurrency <n>', 'items at work at once', parseCount)
    .action(
      (name: string, { items, concurrency, ...flags }: Flags & { items: number; concurrency?: number }) =>
        explain(flags, io, (registry) => ({
          title: `mapAll of ${name} over ${items} items`,
          agents: agentsWithin(registry, name),
          ...boundsOfMap(registry, {
            agent: name,
            items,
            ...(concurrency === undefined ? {} : { concurrency }),
          }),
        })),
    );
  const command = new Command('explain').description(
    'the most that a run can come to: model calls, cost, runs; without running anything',
  );
  for (const one of [agent, plan, map])
    command.addCommand(debuggable(locatingProject(one).option('--json', 'print JSON')));
  return command;
}

async function explain(flags: Flags, io: Io, of: (registry: Registry) => Explanation): Promise<void> {
  const project = await requireProject({ cwd: io.cwd, ...flags });
  const { agents } = await loadDefinitions(project);
  const explanation = of(new Registry(agents, project.models));
  if (flags.json) return sayJson(io, explanation);
  for (const line of renderBounds(explanation, paintFor(io.out))) say(io, line);
}

/** @throws CliError `InputInvalid` */
async function readPlan(given: string, io: Io) {
  const parsed = PlanInput.safeParse(await readRunInput(given, io));
  if (!parsed.success) throw new CliError('InputInvalid', z.prettifyError(parsed.error));
  const limits = planLimits(parsed.data.limits);
  if (typeof limits === 'string') throw new CliError('InputInvalid', limits);
  return { ...parsed.data, limits };
}
