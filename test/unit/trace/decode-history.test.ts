import { defaultPayloadConverter, METADATA_ENCODING_KEY } from '@temporalio/common';
import { decodeHistory } from '../../../src/trace/decode-history.js';
import type { ProtoEvent } from '../../../src/trace/proto-values.js';

const payload = (value: unknown) => defaultPayloadConverter.toPayload(value);
const decode = async (given: object) => defaultPayloadConverter.fromPayload(given);

async function decodeOne(event: ProtoEvent) {
  const [decoded] = await decodeHistory([event], decode);
  return decoded;
}

function failedActivity(failure: object): ProtoEvent {
  return { activityTaskFailedEventAttributes: { failure } } as ProtoEvent;
}

describe('decodeHistory', () => {
  it('reads the code, message and details of a failure', async () => {
    const failure = {
      message: '503',
      applicationFailureInfo: { type: 'ProviderDown', details: { payloads: [payload({ model: 'small' })] } },
    };
    expect(await decodeOne(failedActivity(failure))).toMatchObject({
      kind: 'closed',
      status: 'failed',
      failure: { code: 'ProviderDown', message: '503', details: { model: 'small' } },
    });
  });

  it('reads through what only wraps a failure, and names the failure that a time-out waited on', async () => {
    const cause = { message: '503', applicationFailureInfo: { type: 'ProviderDown' } };
    const wrapped = { message: 'activity failed', activityFailureInfo: {}, cause };
    expect(await decodeOne(failedActivity(wrapped))).toMatchObject({ failure: { code: 'ProviderDown' } });
    const timeout = { message: 'timeout', timeoutFailureInfo: { timeoutType: 3 }, cause };
    expect(await decodeOne(failedActivity(timeout))).toMatchObject({
      failure: { code: 'ProviderDown', message: '503', timeout: true },
    });
    const heartbeat = { message: 'timeout', timeoutFailureInfo: { timeoutType: 4 } };
    expect(await decodeOne(failedActivity(heartbeat))).toMatchObject({
      failure: { code: 'TimedOut', message: 'the worker was lost: its heartbeat stopped' },
    });
  });

  it('reads messages that a failure converter has encoded', async () => {
    const failure = {
      message: 'Encoded failure',
      encodedAttributes: payload({ message: 'the real reason', stack_trace: '' }),
      applicationFailureInfo: { type: 'Refused' },
    };
    expect(await decodeOne(failedActivity(failure))).toMatchObject({
      failure: { message: 'the real reason' },
    });
  });

  it('keeps what it cannot decode visible, beside what it can', async () => {
    const encrypted = {
      metadata: { [METADATA_ENCODING_KEY]: new TextEncoder().encode('binary/encrypted') },
      data: new Uint8Array(7),
    };
    const event = {
      workflowExecutionSignaledEventAttributes: {
        signalName: 'note',
        input: { payloads: [payload('readable'), encrypted, payload(new Uint8Array(3)), payload(undefined)] },
      },
    };
    expect(await decodeOne(event as ProtoEvent)).toMatchObject({
      kind: 'signalled',
      input: [
        'readable',
        {
          undecodable: { encoding: 'binary/encrypted', bytes: 7, reason: expect.stringMatching(/encrypted/) },
        },
        { undecodable: { encoding: 'binary/plain', bytes: 3, reason: 'binary data' } },
        null,
      ],
    });
  });

  it('takes no part in what it does not know', async () => {
    expect(await decodeHistory([{ workflowTaskScheduledEventAttributes: {} }, {}], decode)).toEqual([]);
  });
});
