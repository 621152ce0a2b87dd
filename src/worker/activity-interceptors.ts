import type { Context } from '@temporalio/activity';
import type { ActivityInterceptors } from '@temporalio/worker';
import type { Registry } from '../activities/registry.js';
import { TURN_ACTIVITY } from '../agents/names.js';
import { ActivityMetrics } from './activity-metrics.js';
import { subjectOf, type ActivitySubject } from './activity-subject.js';
import type { Draining } from './draining.js';
import { handBack } from './hand-back.js';

/** What is done around every activity of a worker: it is counted, its logs say what it is about, and a stop hands it back. */
export function activityInterceptors({ agents, tools }: Registry, draining: Draining) {
  const metrics = new ActivityMetrics((name) => agents.has(name));
  const isTool = (name: string) => tools.has(name);
  return (context: Context): ActivityInterceptors => {
    const { activityType } = context.info;
    let subject: ActivitySubject = { kind: 'other' };
    const back = handBack(context, draining, activityType === TURN_ACTIVITY || isTool(activityType));
    return {
      inbound: {
        async execute(input, next) {
          subject = subjectOf(activityType, input.args, isTool);
          const began = performance.now();
          try {
            const outcome = await back.execute(input, next);
            metrics.done(context.metricMeter, subject, outcome, performance.now() - began);
            return outcome;
          } catch (error) {
            metrics.failed(context.metricMeter, subject, error);
            throw error;
          }
        },
      },
      outbound: {
        getLogAttributes(attributes, next) {
          const { kind: _, ...about } = subject;
          return { ...next(attributes), ...about };
        },
      },
    };
  };
}
