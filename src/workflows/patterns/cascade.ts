import type { Duration } from '@temporalio/common';
import { contain } from '../contain.js';
import { withElsewhere } from '../elsewhere.js';
import { failure } from '../fail.js';
import type { Missing } from '../gather.js';
import { inSpan } from '../span.js';
import type { Verdict } from '../until.js';
import { nameEach, type Several } from './name-each.js';
import { whyMissing } from '../why-missing.js';

export interface CascadeOptions<Output> {
  /** The verifier: a function, or an agent, that says whether an output is good enough. */
  accept: (output: Output, name: string) => Verdict | boolean | Promise<Verdict | boolean>;
  /** What holds where nothing is accepted: a failure, or the output of the highest score. Default `fail`. */
  otherwise?: 'fail' | 'best';
  /** How long each rung, and each verification, may take. */
  timeout?: Duration;
}

/** A rung that was not enough. The code is `NotAccepted` with the verifier's reason, or its own failure's or the verifier's. */
export interface RejectedRung extends Missing {
  score?: number;
}

export interface Cascaded<Output> {
  output: Output;
  /** The rung that made it. */
  by: string;
  /** False where nothing was accepted and this is the best. */
  accepted: boolean;
  score?: number;
  /** The rungs that were tried and not accepted, in order, and why. */
  rejected: RejectedRung[];
}

/**
 * Asks from cheap to expensive until the verifier accepts. A rung that fails, or whose output can't be verified, counts as not
 * accepted.
 * @throws `NotAccepted` where nothing is accepted, and `otherwise` is not `best`; `TooFewResults` where no rung gave an output; the
 *   details of both hold `rejected`
 */
export function cascade<Input, Output>(
  rungs: Several<(input: Input) => Promise<Output>>,
  input: Input,
  { accept, otherwise = 'fail', timeout }: CascadeOptions<Output>,
): Promise<Cascaded<Output>> {
  return inSpan('cascade', async () => {
    const rejected: RejectedRung[] = [];
    let best: Omit<Cascaded<Output>, 'rejected'> | undefined;
    const named = nameEach('cascade', rungs);
    for (const [place, { name, fn }] of named.entries()) {
      const rung = () => inSpan(name, () => fn(input));
      const made = await contain(() => withElsewhere(rung, place < named.length - 1), { timeout });
      if (!made.ok) {
        rejected.push({ name, ...made.failure });
        continue;
      }
      const { value: output } = made;
      const verified = await contain(
        () => inSpan(`verify-${name}`, async () => verdictOf(await accept(output, name))),
        { timeout },
      );
      const { accepted, score, feedback } = verified.ok ? verified.value : NOT_VERIFIED;
      const tried = { output, by: name, accepted, ...(score === undefined ? {} : { score }) };
      if (accepted) return { ...tried, rejected };
      const why = verified.ok ? notAccepted(feedback) : verified.failure;
      rejected.push({ name, ...why, ...(score === undefined ? {} : { score }) });
      // Of level ones the later, which cost more.
      if (!best || scoreOf(tried) >= scoreOf(best)) best = tried;
    }
    if (!best) {
      throw failure('TooFewResults', `no rung gave an output; ${whyMissing(rejected)}`, { rejected });
    }
    if (otherwise === 'fail') throw failure('NotAccepted', whyMissing(rejected), { rejected });
    return { ...best, rejected };
  });
}

const NOT_VERIFIED: Verdict = { accepted: false };

function verdictOf(verdict: Verdict | boolean): Verdict {
  return typeof verdict === 'boolean' ? { accepted: verdict } : verdict;
}

function notAccepted(feedback = 'the verifier did not accept the output') {
  return { code: 'NotAccepted', message: feedback, details: undefined };
}

function scoreOf({ score = -Infinity }: { score?: number }): number {
  return score;
}
