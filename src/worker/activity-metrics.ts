import type { MetricMeter } from '@temporalio/common';
import { ApplicationFailure } from '@temporalio/common';
import { FAILURES } from '../agents/failures.js';
import type { LocalOutcome } from '../agents/local-call.js';
import type { ToolResult, TurnResult } from '../agents/turn.js';
import type { ActivitySubject } from './activity-subject.js';

/**
 * Counts what activities did, in Temporal's own metrics. Labels are names of definitions and codes of failures, and never ids: their
 * number is bounded.
 */
export class ActivityMetrics {
  /** Parts of a millionth of a dollar that are not counted yet, by agent and model. */
  private readonly rest = new Map<string, number>();

  /** @param isAgent whether a name is one of the worker's agents: another one may be anything */
  constructor(private readonly isAgent: (name: string) => boolean) {}

  /** @param ms how long it took */
  done(meter: MetricMeter, subject: ActivitySubject, outcome: unknown, ms: number): void {
    const result = resultOf(outcome);
    if (result === undefined || subject.kind === 'other') return;
    if (subject.kind === 'turn') this.tookTurn(meter, subject.agent, result as TurnResult, ms);
    else this.calledTool(meter, subject, (result as ToolResult).message.isError ? 'error' : 'ok');
  }

  failed(meter: MetricMeter, subject: ActivitySubject, error: unknown): void {
    const code = codeOf(error);
    if (subject.kind === 'turn') {
      const agent = this.agentTag(subject.agent);
      meter
        .createCounter('baton_turn_failures', undefined, 'Attempts of turns that failed')
        .add(1, { agent, code });
    }
    if (subject.kind === 'tool') this.calledTool(meter, subject, 'failed');
  }

  private tookTurn(meter: MetricMeter, name: string, result: TurnResult, ms: number): void {
    // A quote or a compaction asks no model.
    if (result.kind !== 'answer') return;
    const { usage, cost } = result;
    const tags = { agent: this.agentTag(name), model: result.model };
    meter.createCounter('baton_turns', undefined, 'Turns that a model answered').add(1, tags);
    meter
      .createHistogram('baton_turn_latency', 'int', 'ms', 'From the start of an attempt to its answer')
      .record(Math.round(ms), tags);
    const tokens = meter.createCounter('baton_tokens', undefined, 'Tokens of turns, by kind');
    tokens.add(usage.input, { ...tags, kind: 'input' });
    tokens.add(usage.output, { ...tags, kind: 'output' });
    if (cost === undefined) return;
    const key = JSON.stringify(tags);
    const millionths = cost * 1_000_000 + (this.rest.get(key) ?? 0);
    const whole = Math.floor(millionths);
    this.rest.set(key, millionths - whole);
    meter
      .createCounter('baton_cost_micro_usd', undefined, 'Cost of turns, in millionths of a US dollar')
      .add(whole, tags);
  }

  private calledTool(
    meter: MetricMeter,
    { tool, agent }: Extract<ActivitySubject, { kind: 'tool' }>,
    outcome: 'ok' | 'error' | 'failed',
  ): void {
    meter
      .createCounter('baton_tool_calls', undefined, 'Attempts of tool calls, by outcome')
      .add(1, { tool, agent: agent === undefined ? '' : this.agentTag(agent), outcome });
  }

  private agentTag(name: string): string {
    return this.isAgent(name) ? name : 'unknown';
  }
}

/** Undefined where a local activity leaves it to an ordinary one. */
function resultOf(outcome: unknown): unknown {
  const given = outcome as LocalOutcome<unknown> | TurnResult | ToolResult | null | undefined;
  // What undoes an effect gives nothing.
  if (typeof given !== 'object' || given === null || 'declined' in given) return undefined;
  return 'result' in given ? given.result : given;
}

function codeOf(error: unknown): string {
  if (!(error instanceof ApplicationFailure)) return error instanceof Error ? error.name : 'Error';
  return error.type && error.type in FAILURES ? error.type : 'Error';
}
