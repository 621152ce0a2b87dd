import { noopMetricMeter } from '@temporalio/common';
import { ActivityMetrics } from '../../../src/worker/activity-metrics.js';

describe('the metrics of activities', () => {
  const metrics = new ActivityMetrics(() => true);

  it.each([undefined, null, 'text', 7, ['a list'], { result: null }])(
    'take an activity that is neither a turn nor a tool, and gives %p',
    (outcome) => {
      expect(() => metrics.done(noopMetricMeter, { kind: 'other' }, outcome, 1)).not.toThrow();
    },
  );
});
