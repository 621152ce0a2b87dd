import { z } from 'zod';
import { BatonError } from 'batonjs/agents';

/** They all stand in each question to an agent. */
const MOST = 500;

/** Who answers the questions of a category. */
export const Handler = z.enum(['self_service', 'specialist', 'person']);
export type Handler = z.infer<typeof Handler>;

export const Category = z
  .strictObject({
    label: z.string().trim().min(1).max(100),
    /** What belongs to it, in a few words. */
    about: z.string().max(500).optional(),
    handledBy: Handler.default('specialist'),
    /** What the answer rests on, where the customer can help himself. */
    help: z.string().min(1).max(10_000).optional(),
  })
  .refine(({ handledBy, help }) => handledBy !== 'self_service' || help !== undefined, {
    path: ['help'],
    message: 'is needed where handledBy is self_service',
  });
export type Category = z.infer<typeof Category>;

const Categories = z
  .array(z.union([z.string().trim().min(1).max(100), Category]))
  .min(2, 'there must be two at least')
  .max(MOST, `there are more than ${MOST}`);

/**
 * Reads `categories.json`: a list of labels, or of objects with a label.
 * @throws BatonError `ConfigInvalid`
 */
export function parseCategories(text: string, file: string): Category[] {
  const parsed = Categories.safeParse(readJson(text, file));
  if (!parsed.success) {
    const [issue] = parsed.error.issues.flatMap(deepest);
    const at = issue?.path.length ? ` ${issue.path.map(place).join(', ')}:` : '';
    throw new BatonError('ConfigInvalid', `${file}:${at} ${issue?.message ?? 'is no list of categories'}`);
  }
  const categories = parsed.data.map((entry) =>
    typeof entry === 'string' ? Category.parse({ label: entry }) : entry,
  );
  const labels = categories.map(({ label }) => label);
  const twice = labels.find((label, at) => labels.indexOf(label) !== at);
  if (twice !== undefined)
    throw new BatonError('ConfigInvalid', `${file}: the category "${twice}" stands there twice`);
  return categories;
}

function readJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new BatonError('ConfigInvalid', `${file} is not valid JSON: ${reason}`, { cause });
  }
}

interface Issue {
  path: PropertyKey[];
  message: string;
}

/** What is wrong within an object says more than that it is no text. */
function deepest(issue: z.core.$ZodIssue): Issue[] {
  if (issue.code !== 'invalid_union') return [{ path: issue.path, message: issue.message }];
  const [found] = issue.errors
    .flatMap((branch) => branch.flatMap(deepest))
    .sort((a, b) => b.path.length - a.path.length);
  const wrong = found && found.path.length > 0 ? found : { path: [], message: 'is no label and no category' };
  return [{ path: [...issue.path, ...wrong.path], message: wrong.message }];
}

function place(key: PropertyKey): string {
  return typeof key === 'number' ? `entry ${key + 1}` : String(key);
}
