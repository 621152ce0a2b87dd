import { connect, type Run } from '../client.js';
import type { Totals } from '../trace/trace.js';
import { cleaningUp } from './cleanup.js';
import { connectionSettings, type ConnectionFlags } from './connection-flags.js';
import { DemoAnswers } from './demo-answers.js';
import type { DemoInput } from './demo.js';
import { DATA_FOLDER, openServer, type OpenServer } from './embedded-server.js';
import { INTERRUPTED } from './exit-codes.js';
import type { Example } from './examples.js';
import { followProgress } from './follow-progress.js';
import { followRun, waitingIn } from './follow-run.js';
import { remark, say, type Io } from './io.js';
import { columns, wrap, WIDTH } from './layout.js';
import { hasNoProvider, openModelSource } from './model-source.js';
import { Narrator, summarise } from './narrator.js';
import { paintFor } from './paint.js';
import { Progress } from './progress.js';
import { requireProject } from './project.js';
import { sameConnection } from './proposed-flags.js';
import { untilStopped } from './until-stopped.js';

export interface DemoRun {
  io: Io;
  flags: ConnectionFlags;
  example: Example;
  input: DemoInput;
  /** Id of the run. */
  id: string;
  /** Approves everything. */
  yes: boolean;
}

/**
 * Brings up what is missing, runs the example on the input, and shows what happens until the end; gives the exit code.
 * @throws DevError, BatonError; WorkflowFailedError where the run fails
 */
export function runDemo({ io, flags, example, input, id, yes }: DemoRun): Promise<number> {
  const signal = io.interruption();
  return cleaningUp(async (cleanup) => {
    const { demo, folder, name } = example;
    const { bold, dim } = paintFor(io.out);
    say(io, `${bold(name)}\n${wrap(demo.title, { width: WIDTH })}\n`);
    const server = await openServer({ io, flags, data: DATA_FOLDER, portTaken: 'another' });
    cleanup.add(() => server.stop());
    const model = await openModelSource({ offline: hasNoProvider() });
    cleanup.add(() => model.stop());
    for (const line of columns(facts(server, model.label, input, id))) say(io, dim(line));
    if (signal.aborted) return INTERRUPTED;

    const project = await requireProject({ cwd: folder });
    const connection = { ...connectionSettings(flags), address: server.address };
    const { hostWorker } = await import('./host-worker.js');
    const worker = await hostWorker({ io, project, connection, offline: model.offline, log: 'ERROR' });
    cleanup.add(() => worker.stop());
    const baton = await connect({ ...connection, taskQueue: worker.taskQueue });
    cleanup.add(() => baton.close());

    say(io);
    const orchestration = input.orchestration ?? demo.orchestration;
    const run = await baton.start(orchestration, input.input, { id });
    const reach = server.isDefault
      ? sameConnection(flags)
      : sameConnection({ ...flags, address: server.address });
    const answers = new DemoAnswers({ io, run, yes, reach });
    cleanup.add(() => Promise.resolve(answers.stop()));
    const stopped = new AbortController();
    const line = demo.progress?.[orchestration];
    const until = AbortSignal.any([signal, stopped.signal]);
    const following = line
      ? watch({ client: baton.client, run, signal: until }, line, answers, io)
      : follow(run, until, answers, io);
    const { ended, totals } = await Promise.race([
      following,
      untilStopped(signal, { worker, server }).then(() => following),
    ]).finally(() => stopped.abort());
    if (!ended) {
      remark(io, `\nInterrupted; the run is kept. It goes on with: npx baton demo ${name} --id ${id}`);
      return INTERRUPTED;
    }
    const result = await run.result();
    say(io, `\n${bold('Result')}${model.offline ? '  (offline model)' : ''}\n`);
    say(io, wrap(demo.render(result).trim(), { width: WIDTH }));
    say(io, totals ? `\n${dim(summarise(totals))}\n` : '');
    for (const line of whereToLook(server, id, reach)) say(io, line);
    return 0;
  });
}

/** Whether a run has ended, and its sums where its trace was read. */
interface Followed {
  ended: boolean;
  totals?: Totals;
}

/** Tells each thing that happens in a run. */
async function follow(run: Run, signal: AbortSignal, answers: DemoAnswers, io: Io): Promise<Followed> {
  const narrator = new Narrator(paintFor(io.out));
  const { end, totals } = await followRun(run, signal, async (trace) => {
    for (const line of narrator.tell(trace)) say(io, line);
    await answers.attend(waitingIn(trace));
  });
  return { ended: end !== undefined, totals };
}

/** How often a line on the progress is written where lines stay. */
const LINE_MS = 5_000;

/** Tells how far a run is. */
async function watch(
  following: Parameters<typeof followProgress>[0],
  lineOf: (state: unknown) => string,
  answers: DemoAnswers,
  io: Io,
): Promise<Followed> {
  const progress = new Progress(io.out);
  let [last, shown, shownAt] = ['', '', 0];
  const ended = await followProgress(following, async (state, isNew) => {
    last = lineOf(state);
    if (isNew && (io.out.isTTY === true || Date.now() - shownAt >= LINE_MS)) {
      progress.show(last);
      [shown, shownAt] = [last, Date.now()];
    }
    // Where nothing moves it may be people that the run waits for.
    if (!isNew) await answers.attend(await following.run.approvals());
  });
  progress.end();
  // On a terminal the line has gone by now; elsewhere the last one may not have been written.
  if (last !== '' && (io.out.isTTY === true || last !== shown)) say(io, last);
  return { ended };
}

function facts(server: OpenServer, model: string, input: DemoInput, id: string): string[][] {
  const { origin, address, uiUrl } = server;
  const how =
    origin.kind === 'started' ? `data in ${origin.file}` : origin.kind === 'found' ? 'was up already' : '';
  return [
    ['Temporal server', `${address}  ${how}`.trimEnd()],
    ...(uiUrl === undefined ? [] : [['Temporal UI', uiUrl]]),
    ['Model', model],
    ['Input', input.id === input.title ? input.id : `${input.id}  ${input.title}`],
    ['Run', id],
  ];
}

function whereToLook(
  { origin, uiUrl, namespace, isDefault, address }: OpenServer,
  id: string,
  reach: string,
): string[] {
  const link =
    uiUrl === undefined ? [] : [`  ${uiUrl}/namespaces/${namespace}/workflows/${encodeURIComponent(id)}`];
  const show = `  npx baton show ${id}${reach}`;
  if (origin.kind !== 'started') return ['To look at the run:', show, ...link];
  const port = isDefault ? '' : ` --port ${address.replace(/^.*:/, '')}`;
  return [
    'The server stops with this command, and its data stays. To look at the run, start it again,',
    `  npx baton dev --no-worker${port}`,
    'and in another terminal:',
    show,
    ...link,
  ];
}
