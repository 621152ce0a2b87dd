import { metricMeter } from '@temporalio/activity';
import type { ModelOfProvider } from './target.js';

const tagsOf = ({ provider, model }: ModelOfProvider) => ({ provider, model });

/** Counts in Temporal's own metrics, by provider and model, for the activity that runs now. */
export const circuitMetrics = {
  opened: (target: ModelOfProvider) =>
    metricMeter
      .createCounter('baton_circuit_opened', undefined, 'Circuits that this worker opened')
      .add(1, tagsOf(target)),
  skipped: (target: ModelOfProvider) =>
    metricMeter
      .createCounter('baton_circuit_skipped', undefined, 'Turns that did not ask the model')
      .add(1, tagsOf(target)),
  open: (target: ModelOfProvider, isOpen: boolean) =>
    metricMeter
      .createGauge('baton_circuit_open', 'int', undefined, '1 while the circuit is open')
      .set(isOpen ? 1 : 0, tagsOf(target)),
};
