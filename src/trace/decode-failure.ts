import type { temporal } from '@temporalio/proto';
import { decodeValue, decodeValues, type DecodePayload } from './decode-payload.js';
import type { Failure } from './history-event.js';

type ProtoFailure = temporal.api.failure.v1.IFailure;

/** Of `temporal.api.enums.v1.TimeoutType`; the enum itself would bring its package along. */
const TIMEOUTS: Readonly<Record<number, string>> = {
  1: 'the attempt took too long',
  2: 'no worker took it in time',
  3: 'it took too long, retries included',
  4: 'the worker was lost: its heartbeat stopped',
};

/** What failed and why, by the innermost failure that says so, as `failureOf` reads it in workflow code. */
export async function decodeFailure(
  failure: ProtoFailure | null | undefined,
  decode: DecodePayload,
): Promise<Failure> {
  const message = await messageOf(failure, decode);
  if (!failure) return { code: 'Error', message };
  const { applicationFailureInfo: application, timeoutFailureInfo: timeout, cause } = failure;
  if (application) {
    const [details] = await decodeValues(application.details, decode);
    return { code: application.type || 'Error', message, ...(details === undefined ? {} : { details }) };
  }
  if (timeout) {
    if (cause) return { ...(await decodeFailure(cause, decode)), timeout: true };
    const reason = TIMEOUTS[timeout.timeoutType ?? 0];
    return { code: 'TimedOut', message: reason ?? message, timeout: true };
  }
  if (failure.canceledFailureInfo) return { code: 'Cancelled', message };
  if (failure.terminatedFailureInfo) return { code: 'Terminated', message };
  // The failure of an activity, a child or a Nexus operation only wraps what went wrong in it.
  return cause ? decodeFailure(cause, decode) : { code: 'Error', message };
}

/** Failure converters may encrypt the message with the payloads: then the plain one says nothing. */
async function messageOf(failure: ProtoFailure | null | undefined, decode: DecodePayload): Promise<string> {
  const { message, encodedAttributes } = failure ?? {};
  if (encodedAttributes) {
    const value = await decodeValue(encodedAttributes, decode);
    if (typeof value === 'object' && value !== null && !Array.isArray(value) && 'message' in value) {
      return String(value.message);
    }
  }
  return message || 'no reason was given';
}
