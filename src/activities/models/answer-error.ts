import { isObject } from './json-schema.js';

/** A provider's error that came in the body of a 200, where the openai package does not look for one. */
export class AnswerError extends Error {
  override readonly name = 'AnswerError';
  /** HTTP status that the body claims, where it does. */
  readonly status: number | undefined;

  constructor(
    /** The error as the body holds it. */
    readonly error: unknown,
  ) {
    const { message, status, code }: Record<string, unknown> = isObject(error) ? error : { message: error };
    super(typeof message === 'string' ? message : JSON.stringify(error));
    const claimed = Number(status ?? code);
    this.status = Number.isInteger(claimed) && claimed >= 400 && claimed < 600 ? claimed : undefined;
  }
}
