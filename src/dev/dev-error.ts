export type DevErrorCode =
  | 'TemporalBinaryMissing'
  | 'TemporalBinaryUnavailable'
  | 'TemporalPortInUse'
  | 'TemporalServerFailed'
  | 'OfflineModelFailed';

/**
 * A failure of the embedded default that a person can put right: `message` says what happened, `fix` what
 * to do about it, `code` names it for programs.
 */
export class DevError extends Error {
  readonly code: DevErrorCode;
  readonly fix: string;

  constructor(code: DevErrorCode, message: string, fix: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'DevError';
    this.code = code;
    this.fix = fix;
  }
}
