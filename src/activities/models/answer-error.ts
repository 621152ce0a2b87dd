/** A provider's error that came in the body of a 200, where the openai package does not look for one. */
export class AnswerError extends Error {
  override readonly name = 'AnswerError';
  /** HTTP status that the body claims, where it does. */
  readonly status: number | undefined;
  readonly code: string | undefined;

  constructor(error: unknown) {
    const fields: { message?: unknown; code?: unknown; status?: unknown } =
      typeof error === 'object' && error !== null ? error : { message: error };
    super(typeof fields.message === 'string' ? fields.message : JSON.stringify(error));
    const status = Number(fields.status ?? fields.code);
    this.status = Number.isInteger(status) && status >= 400 && status < 600 ? status : undefined;
    this.code = typeof fields.code === 'string' ? fields.code : undefined;
  }
}
