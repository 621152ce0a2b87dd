import { log, setCurrentDetails, workflowInfo } from '@temporalio/workflow';
import type { RunOptions } from '../agents/run-options.js';
import { Approvals } from './approvals.js';
import { Carried } from './carried.js';
import { describeRun } from './describe-run.js';
import { EventInbox, type CarriedEvents } from './event-inbox.js';
import { failure } from './fail.js';
import { Ledger, type CarriedLedger } from './ledger.js';
import { Transcripts } from './transcript.js';

/** All that Baton holds of one run. Temporal gives each workflow execution its own copy of this module. */
export class RunState {
  readonly transcripts = new Transcripts();
  readonly approvals: Approvals;
  readonly ledger: Ledger;
  readonly events: EventInbox;
  /** How many times the run has been continued as new. A reset leaves it as it is. */
  readonly continued: number;
  /** What agents are doing now, by span. */
  readonly active = new Map<string, string>();
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
    this.approvals = new Approvals(workflowInfo().workflowId, asked);
    this.ledger = new Ledger(options.budget);
    const spent = carried.part<CarriedLedger>('ledger', () => this.ledger.carry());
    if (spent) this.ledger.resume(spent);
    const events = carried.part<CarriedEvents>('events', () => this.events.carry());
    this.events = new EventInbox(events, (message, about) => log.warn(message, about));
  }

  countSpan(path: string): number {
    const count = (this.spans.get(path) ?? 0) + 1;
    this.spans.set(path, count);
    return count;
  }

  /** Brings what Temporal's UI shows of the run up to date. */
  refresh(): void {
    setCurrentDetails(describeRun(this));
  }
}

let current: RunState | undefined;

export function openRun(options: RunOptions, carried: Carried, args: readonly unknown[]): RunState {
  current = new RunState(options, carried, args);
  return current;
}

/** The state of the run that the calling code belongs to. */
export function runState(): RunState {
  if (!current) {
    throw failure(
      'ConfigInvalid',
      'Baton is not installed in this workflow: bundle it with BatonPlugin, or run it by runWorker',
    );
  }
  return current;
}
