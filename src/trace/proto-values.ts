import type { temporal } from '@temporalio/proto';

export type ProtoEvent = temporal.api.history.v1.IHistoryEvent;
export type ProtoFailure = temporal.api.failure.v1.IFailure | null | undefined;
export type Payloads = temporal.api.common.v1.IPayloads | null | undefined;

/** A 64-bit number of protobuf: `Long` on the wire, a string or number in JSON. */
export type Numeric = { toString(): string } | null | undefined;

/** Milliseconds of a protobuf timestamp (since the epoch) or duration. */
export function millis(time: { seconds?: Numeric; nanos?: number | null } | null | undefined): number {
  return Number(String(time?.seconds ?? 0)) * 1000 + Math.floor((time?.nanos ?? 0) / 1e6);
}

export function placeOf({ eventId, eventTime }: ProtoEvent): { id: number; at: number } {
  return { id: Number(String(eventId ?? 0)), at: millis(eventTime) };
}
