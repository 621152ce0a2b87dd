import type { ToolCall, ToolMessage } from '../agents/message.js';
import { readArguments } from '../agents/tool-arguments.js';
import type { Decisions } from './decisions.js';
import type { Operation } from './operation.js';
import type { RecordedAsk, RecordedCall, RecordedTool, RecordedTurn } from './recorded-call.js';
import type { SpanOf } from './trace.js';
import type { ToolRecords } from './tool-spans.js';
import type { TurnOfAgent } from './turn-spans.js';

export interface AskedApproval {
  ask: RecordedAsk;
  span: SpanOf<'approval'>;
}

/** The recorded calls of a run, by agent call and by place in its transcripts. */
export class RunRecords implements ToolRecords {
  /** By span path, in the order in which they began. */
  readonly agents = new Map<string, [RecordedTurn, ...RecordedTurn[]]>();
  private readonly activities = new Map<string, RecordedTool>();
  private readonly toldMessages = new Map<string, ToolMessage>();
  private readonly taken = new Set<RecordedTool>();
  private readonly free: AskedApproval[];
  private readonly localTools = new Set<string>();

  constructor(
    private readonly calls: readonly RecordedCall[],
    approvals: readonly AskedApproval[],
    private readonly children: readonly Operation[],
  ) {
    this.free = [...approvals];
    for (const call of calls) {
      if (call.kind === 'tool') {
        const { transcript, message, call: index } = call.context;
        this.activities.set(keyOf(transcript, message, index), call);
      } else if (call.kind === 'turn') {
        const turns = this.agents.get(call.input.span);
        if (turns) turns.push(call);
        else this.agents.set(call.input.span, [call]);
        this.readTold(call);
        this.readLocal(call);
      }
    }
  }

  activity(transcript: number, message: number, call: number): RecordedTool | undefined {
    const found = this.activities.get(keyOf(transcript, message, call));
    if (found) this.taken.add(found);
    return found;
  }

  /** Whether a turn has the call among its own. */
  isTaken(call: RecordedTool): boolean {
    return this.taken.has(call);
  }

  /** Whether it is a local call of a tool that gave nothing, not even what it was called with. */
  isLost({ operation, name, input, status }: Operation): boolean {
    return (
      operation === 'activity' && input.length === 0 && status !== 'completed' && this.localTools.has(name)
    );
  }

  told(transcript: number, message: number, call: number): ToolMessage | undefined {
    return this.toldMessages.get(keyOf(transcript, message, call));
  }

  /**
   * An approval for a tool call names the tool and its arguments, and stands in the branch of the agent. Two agents of
   * one branch that ask for the very same call at once cannot be told apart.
   */
  takeApproval(call: ToolCall, { recorded }: TurnOfAgent): SpanOf<'approval'> | undefined {
    const details = JSON.stringify({ tool: call.tool, arguments: readArguments(call.arguments) });
    const asked = recorded.operation.closedBy ?? 0;
    const at = this.free.findIndex(
      ({ ask: { operation, request } }) =>
        operation.id > asked &&
        branchOf(request.span) === branchOf(recorded.input.span) &&
        JSON.stringify(request.details) === details,
    );
    return at < 0 ? undefined : this.free.splice(at, 1)[0]?.span;
  }

  /** Approvals that no tool call has taken. */
  get ownApprovals(): SpanOf<'approval'>[] {
    return this.free.map(({ span }) => span);
  }

  /** Id of the last event that the agent call waited for, also in what is a part of it. */
  lastEvent(path: string, decisions: Decisions): number {
    const isOwn = (span: string | undefined) => span === path || span?.startsWith(`${path}/`) === true;
    const turns = this.calls.filter((call) => call.kind === 'turn' && isOwn(call.input.span));
    const transcripts = new Set(turns.map((call) => call.kind === 'turn' && call.input.transcript));
    const ids = this.calls.map((call) => {
      switch (call.kind) {
        case 'turn':
          return isOwn(call.input.span) ? (call.operation.closedBy ?? 0) : 0;
        case 'tool':
          return transcripts.has(call.context.transcript) ? (call.operation.closedBy ?? 0) : 0;
        case 'ask':
          // Maybe another agent's of the same branch: then the call seems to go on for one task longer.
          return branchOf(call.request.span) === branchOf(path) || isOwn(call.request.span)
            ? (decisions.of(call.request.n).decidedBy ?? 0)
            : 0;
      }
    });
    const children = this.children.map(({ span, closedBy = 0 }) => (isOwn(span) ? closedBy : 0));
    return Math.max(0, ...ids, ...children);
  }

  private readLocal({ result }: RecordedTurn): void {
    if (result?.kind !== 'answer' || !('calls' in result.step)) return;
    result.step.calls.forEach(({ local }, i) => {
      const tool = result.message.calls?.[i]?.tool;
      if (local && tool !== undefined) this.localTools.add(tool);
    });
  }

  /** Notes the tool results that workflow code made; the results of a message stand after it in the order of its calls. */
  private readTold({ input: { transcript, base, appended } }: RecordedTurn): void {
    appended.forEach((entry, i) => {
      if (typeof entry === 'string' || entry.message.role !== 'tool') return;
      const place = (base?.length ?? 0) + i;
      const { call } = entry.message;
      this.toldMessages.set(keyOf(transcript, place - 1 - call, call), entry.message);
    });
  }
}

function keyOf(transcript: number, message: number, call: number): string {
  return `${transcript}/${message}/${call}`;
}

function branchOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
