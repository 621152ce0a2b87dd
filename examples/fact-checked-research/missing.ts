import type { FailureInfo } from 'batonjs/workflow';
import type { Report } from './report.js';

/** Something that the report does without, and why. */
export type Missing = Report['missing'][number];

export function missingOf(what: string, { code, message }: FailureInfo): Missing {
  return { what, why: `${code}: ${message}` };
}
