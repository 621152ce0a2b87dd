import type { FailureCode } from '../../agents/failures.js';
import { failure } from '../fail.js';
import type { Missing } from '../gather.js';
import { inSpan } from '../span.js';
import { classify, type Classified, type ClassifyOptions, type Label, type LabelOf } from './classify.js';
import { whyMissing } from '../why-missing.js';

type Branch<Input, L> = (input: Input, label: L) => Promise<unknown>;

/** A branch for each label; where a label is any text there can't be. */
type Exhaustive<Input, L extends string> = string extends L ? never : Readonly<Record<L, Branch<Input, L>>>;

type OutputOf<Branches> = {
  [K in keyof Branches]: Branches[K] extends (...args: never[]) => Promise<infer Output> ? Output : never;
}[keyof Branches];

export interface RouteOptions<Input, C extends Classified, Branches> extends ClassifyOptions<Input, C> {
  /** What is done with the input, by label. */
  branches: Branches;
}

type Otherwise<Input, Output> = (input: Input, passed: Missing[]) => Promise<Output>;

/** Which way an input went, and why. */
export interface Routed<L extends string, Output> extends Omit<Label, 'label' | 'by'> {
  /** Label of the branch that was taken; null: `otherwise`. */
  label: L | null;
  /** Who gave the label. */
  by: Label['by'] | 'otherwise';
  /** Those whose label was not taken, and why; details hold what they said. */
  passed: Missing[];
  output: Output;
}

/**
 * Gives the input to the branch of its label. Without `otherwise` the types want a branch for each label of the classifier.
 * @throws where no label can be taken and there is no `otherwise`, the code of the last one asked: `NotAccepted` where it was unsure or
 *   a person chose nothing, `RouteUnknown` where its label has no branch; and whatever the branch throws
 */
export function route<
  Input,
  C extends Classified,
  const Branches extends Readonly<Partial<Record<LabelOf<C>, Branch<Input, LabelOf<C>>>>>,
  Output,
>(
  input: Input,
  options: RouteOptions<Input, C, Branches> & {
    /** Where an input goes that has no label which can be taken. */
    otherwise: Otherwise<Input, Output>;
  },
): Promise<Routed<LabelOf<C>, OutputOf<Branches> | Output>>;
export function route<Input, C extends Classified, const Branches extends Exhaustive<Input, LabelOf<C>>>(
  input: Input,
  options: RouteOptions<Input, C, Branches>,
): Promise<Routed<LabelOf<C>, OutputOf<Branches>>>;
export function route<Input>(
  input: Input,
  options: RouteOptions<Input, Classified, Readonly<Record<string, Branch<Input, string>>>> & {
    otherwise?: Otherwise<Input, unknown>;
  },
): Promise<Routed<string, unknown>> {
  const { branches, otherwise } = options;
  return inSpan('route', async () => {
    const passed: Missing[] = [];
    const taken = await classify(input, Object.keys(branches), options, passed);
    const branch = taken && branches[taken.label];
    if (branch) {
      const output = await inSpan(taken.label, () => branch(input, taken.label));
      return { ...taken, passed, output };
    }
    if (!otherwise) throw failure(passed.at(-1)?.code as FailureCode, whyMissing(passed), { passed });
    const output = await inSpan('otherwise', () => otherwise(input, passed));
    return { label: null, by: 'otherwise', passed, output };
  });
}
