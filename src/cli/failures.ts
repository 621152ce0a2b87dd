import { FAILURES, type FailureCode } from '../agents/failures.js';
import type { DevErrorCode } from '../dev/dev-error.js';

/** What only the command line meets, beside the table of the library. */
const CLI_FAILURES = {
  Usage: { title: 'The command is not understood', try: 'npx baton --help' },
  RunFailed: { title: 'The run failed', try: 'see where with: npx baton show RUN' },
  RunCancelled: { title: 'The run was cancelled', try: 'see how far it came with: npx baton show RUN' },
  RunTerminated: { title: 'The run was terminated', try: 'see how far it came with: npx baton show RUN' },
  RunTimedOut: {
    title: 'The run did not end in its time',
    try: 'see how far it came with: npx baton show RUN',
  },
  RunEnded: {
    title: 'The run has ended already',
    try: 'see what it has done with: npx baton show RUN',
  },
  HistoryUnreadable: {
    title: 'Nothing was removed, as a history could not be read that may refer to what is stored',
    try: 'see to what the message names, or delete that run, and collect again',
  },
  WorkerMissing: {
    title: 'No worker answers for the run',
    try: 'start one with: npx baton worker, in the folder of the project; the run goes on by itself',
  },
  NamespaceUnknown: {
    title: 'The Temporal server does not have the namespace',
    try: 'check --namespace or TEMPORAL_NAMESPACE, or create it with: temporal operator namespace create',
  },
  AccessDenied: {
    title: 'The Temporal server refuses access',
    try: 'check --api-key or TEMPORAL_API_KEY, the certificates of the profile, and the namespace',
  },
  TemporalRefused: {
    title: 'The Temporal server did not accept the request',
    try: 'look at the message above; --debug shows more',
  },
  Unexpected: {
    title: 'Something went wrong that Baton did not expect',
    try: 'the same command with --debug, which shows where',
  },
} as const satisfies Record<string, { title: string; try: string }>;

/** Failures of the embedded default; what to do comes with each. */
const DEV_FAILURES = {
  TemporalBinaryMissing: FAILURES.ServerMissing,
  TemporalBinaryUnavailable: FAILURES.ServerMissing,
  TemporalPortInUse: { title: 'The port is taken' },
  TemporalServerFailed: { title: 'The Temporal server could not be started' },
  OfflineModelFailed: { title: 'The offline model could not be started' },
} as const satisfies Record<DevErrorCode, { title: string }>;

export type CliFailureCode = keyof typeof CLI_FAILURES | FailureCode;

/** Every failure with a fixed advice: the library's and the command line's own. */
export const FAILURE_TABLE = { ...FAILURES, ...CLI_FAILURES };

export function devFailureTitle(code: DevErrorCode): string {
  return DEV_FAILURES[code].title;
}

/** A failure of the command line. The row's advice holds where there is none of its own. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly advice: string | undefined;

  constructor(
    readonly code: CliFailureCode,
    message: string,
    { advice, ...options }: ErrorOptions & { advice?: string } = {},
  ) {
    super(message, options);
    this.advice = advice;
  }
}
