import { z } from 'zod';

const text = z.string().min(1).max(400);

/** Which build of an application a worker is, for Temporal's Worker Versioning (docs/deploys.md). */
export const Deployment = z.strictObject({
  /** The application: the same for all its builds. Without "." and ":". */
  name: text.regex(/^(?!__)[^.:]+$/, 'without "." and ":", and not beginning with "__"'),
  /** The build, such as a commit or an image's tag: another one for other code. */
  buildId: text.regex(/^(?!__)/, 'not beginning with "__"'),
});
export type Deployment = z.infer<typeof Deployment>;
