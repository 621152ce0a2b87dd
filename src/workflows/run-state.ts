import { log, setCurrentDetails, workflowInfo } from '@temporalio/workflow';
import type { RunNotes } from '../agents/note.js';
import type { RunOptions } from '../agents/run-options.js';
import type { Spending } from './allotment.js';
import { Approvals, type CarriedQuestions } from './approvals.js';
import { Carried } from './carried.js';
import type { Outcome } from './contain.js';
import { carryTranscripts, takeTranscripts, type CarriedTranscripts } from './carried-transcripts.js';
import type { DeploymentState } from './deployment-version.js';
import { describeRun } from './describe-run.js';
import { EventInbox, type CarriedEvents } from './event-inbox.js';
import { failure } from './fail.js';
import { Ledger, type CarriedLedger } from './ledger.js';
import { Notes } from './notes.js';
import { LocalWork } from './local-work.js';
import { Sagas, type CarriedSagas } from './sagas.js';
import { Transcripts } from './transcript.js';

/** All that Baton holds of one run. */
export class RunState {
  readonly transcripts = new Transcripts();
  readonly local = new LocalWork();
  readonly approvals: Approvals;
  readonly ledger: Ledger;
  readonly events: EventInbox;
  readonly notes: Notes;
  readonly sagas: Sagas;
  readonly deployment: DeploymentState;
  /** How many times the run has been continued as new. A reset leaves it as it is. */
  readonly continued: number;
  /** What agents are doing now, by span. */
  readonly active = new Map<string, string>();
  /** Outcomes of items that came by signal, by batch and place. */
  readonly parts = new Map<string, Outcome<unknown>>();
  /** What cancelled children have spent, by their run ids. */
  readonly spentBy = new Map<string, Spending>();
  /** Whether Temporal knows Baton's search attribute; told by the first announcement of an approval. */
  searchable = false;
  private readonly spans = new Map<string, number>();

  constructor(
    readonly options: RunOptions,
    /** What goes over to the run that this one is continued as. */
    readonly carried: Carried = new Carried(),
    /** What the orchestration was called with. */
    readonly args: readonly unknown[] = [],
  ) {
    this.continued = carried.part<number>('continued', () => this.continued + 1) ?? 0;
    const asked = carried.part<number>('approvals', () => this.approvals.asked || undefined);
    const open = carried.part<CarriedQuestions>('questions', () => this.approvals.carry(Date.now()));
    this.approvals = new Approvals(workflowInfo().workflowId, asked, open);
    this.ledger = new Ledger(options.budget);
    const transcripts = carried.part<CarriedTranscripts>('transcripts', (own) =>
      carryTranscripts(this.transcripts, own),
    );
    if (transcripts) takeTranscripts(this.transcripts, transcripts);
    const spent = carried.part<CarriedLedger>('ledger', () => this.ledger.carry());
    if (spent) this.ledger.resume(spent);
    const events = carried.part<CarriedEvents>('events', () => this.events.carry());
    this.notes = new Notes(carried.part<RunNotes>('notes', () => this.notes.all));
    const sagas = carried.part<CarriedSagas[]>('sagas', () => this.sagas.carry());
    this.sagas = new Sagas(
      sagas,
      carried.part<string>('undo', () => this.sagas.request),
    );
    const left = carried.part<string>('left', () => this.deployment.left);
    this.deployment = left === undefined ? {} : { left };
    this.events = new EventInbox(events, (message, about) => log.warn(message, about));
  }

  countSpan(path: string): number {
    const count = (this.spans.get(path) ?? 0) + 1;
    this.spans.set(path, count);
    return count;
  }

  /** How many spans there were of a path. */
  spansOf(path: string): number {
    return this.spans.get(path) ?? 0;
  }

  /** How many spans there were of each path below one. */
  spansBelow(path: string): Record<string, number> {
    return Object.fromEntries([...this.spans].filter(([below]) => below.startsWith(`${path}/`)));
  }

  /** Goes on from such counts of another run. */
  countOn(spans: Readonly<Record<string, number>>): void {
    for (const [path, count] of Object.entries(spans)) this.spans.set(path, count);
  }

  /** Brings what Temporal's UI shows of the run up to date. */
  refresh(): void {
    setCurrentDetails(describeRun(this));
  }
}

declare global {
  /** Runs of a workflow thread share Baton's modules; what is global, Temporal keeps apart for each. */
  var __BATON_RUN__: RunState | undefined;
}

export function openRun(options: RunOptions, carried: Carried, args: readonly unknown[]): RunState {
  return (globalThis.__BATON_RUN__ = new RunState(options, carried, args));
}

/** The state of the run that the calling code belongs to. */
export function runState(): RunState {
  const state = globalThis.__BATON_RUN__;
  if (!state) {
    throw failure(
      'ConfigInvalid',
      'Baton is not installed in this workflow: bundle it with BatonPlugin, or run it by runWorker',
    );
  }
  return state;
}
