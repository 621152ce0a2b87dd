import { OPTIONS_HEADER } from '../agents/names.js';
import { RunOptions } from '../agents/run-options.js';
import { decodeValue, decodeValues, type DecodePayload } from './decode-payload.js';
import type { Opened, Operation } from './history-event.js';
import { millis, type Payloads, type ProtoEvent } from './proto-values.js';

/** The events that begin something which takes time. */
export async function decodeOpening(event: ProtoEvent, decode: DecodePayload): Promise<Opened | undefined> {
  const open = async (operation: Operation, name: string | null | undefined, payloads?: Payloads) => {
    const { summary } = event.userMetadata ?? {};
    const text = summary ? await decodeValue(summary, decode) : undefined;
    const input = await decodeValues(payloads, decode);
    const rest = typeof text === 'string' ? { summary: text } : {};
    return { kind: 'opened', operation, name: name ?? '', input, ...rest } satisfies Opened;
  };
  const activity = event.activityTaskScheduledEventAttributes;
  if (activity) return open('activity', activity.activityType?.name, activity.input);
  const timer = event.timerStartedEventAttributes;
  if (timer) return { ...(await open('timer', '')), duration: millis(timer.startToFireTimeout) };
  const child = event.startChildWorkflowExecutionInitiatedEventAttributes;
  if (child) {
    const header = child.header?.fields?.[OPTIONS_HEADER];
    const options = RunOptions.safeParse(header ? await decodeValue(header, decode) : undefined);
    const span = options.success && options.data.span !== undefined ? { span: options.data.span } : {};
    const opened = await open('child', child.workflowType?.name, child.input);
    return { ...opened, workflowId: child.workflowId ?? '', ...span };
  }
  const update = event.workflowExecutionUpdateAcceptedEventAttributes;
  if (update) {
    const { input, meta } = update.acceptedRequest ?? {};
    const identity = meta?.identity ? { identity: meta.identity } : {};
    return { ...(await open('update', input?.name, input?.args)), ...identity };
  }
  const message = event.signalExternalWorkflowExecutionInitiatedEventAttributes;
  if (message) {
    const workflowId = message.workflowExecution?.workflowId ?? '';
    return { ...(await open('message', message.signalName, message.input)), workflowId };
  }
  const nexus = event.nexusOperationScheduledEventAttributes;
  if (!nexus) return undefined;
  return open(
    'nexus',
    `${nexus.service}/${nexus.operation}`,
    nexus.input ? { payloads: [nexus.input] } : null,
  );
}
