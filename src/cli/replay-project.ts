import { relative } from 'node:path';
import { BatonError } from '../agents/failures.js';
import { headOf } from '../replay/history-head.js';
import { Replayer } from '../replay/replayer.js';
import { BatonPlugin } from '../worker.js';
import { bundleProject } from './bundle.js';
import type { Source } from './history-sources.js';
import { remark, type Io } from './io.js';
import { knownOrchestrations } from './known-orchestrations.js';
import type { Project } from './project.js';
import type { Outcome } from './render-replay.js';
import { installRuntime } from './temporal-runtime.js';

/** Milliseconds after which a replay counts as one that does not end: code that runs on is stopped by Temporal after 5 s. */
const TIMEOUT_MS = 60_000;

/** What is there of a project, for the replay of histories. */
export interface ProjectReplay {
  outcomeOf(source: Source): Promise<Outcome>;
  close(): Promise<void>;
}

/** Bundles a project's orchestrations as its worker does, and replays histories against them. @throws BatonError `ConfigInvalid` */
export async function openReplay(io: Io, project: Project): Promise<ProjectReplay> {
  const workflowBundle = await bundleProject(project);
  const known = await orchestrationsOf(io, project);
  // What workflows log, they have logged when they ran; what fails is told of each history.
  installRuntime(io, 'ERROR');
  const { storage } = project;
  const plugin = new BatonPlugin({ agents: {}, ...(storage === undefined ? {} : { storage }) });
  const replayer = new Replayer({ workflowBundle, plugins: [plugin] }, TIMEOUT_MS);
  return {
    async outcomeOf(source) {
      const { from } = source;
      if (source.kind === 'unreadable') return { from, kind: 'unreadable', why: source.why };
      if (source.kind === 'gone') return { from, kind: 'skipped', why: 'deleted meanwhile' };
      const { history, runId } = source;
      const recorded = headOf(history);
      const head = { ...recorded, runId: runId ?? recorded.runId };
      if (known && !known.has(head.type)) {
        return { from, ...head, kind: 'skipped', why: 'the project has no such orchestration' };
      }
      const verdict = await replayer.replay(history);
      if (verdict.kind === 'empty')
        return { from, ...head, kind: 'skipped', why: 'no code has run in it yet' };
      if (verdict.kind === 'unreadable') return { from, ...verdict };
      return { from, ...head, ...verdict };
    },
    close: () => replayer.close(),
  };
}

async function orchestrationsOf(io: Io, project: Project): Promise<Set<string> | undefined> {
  try {
    return await knownOrchestrations(project);
  } catch (error) {
    // It has been bundled: what does not load here may do so in Temporal's sandbox.
    if (!(error instanceof BatonError)) throw error;
    const file = relative(io.cwd, project.workflows);
    remark(io, `${file} can only be loaded by a worker: orchestrations that it lacks are not skipped`);
    return undefined;
  }
}
