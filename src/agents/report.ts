/**
 * The result of a run. A child that was allotted money hands its parent what it has spent beside it; where it has none, that stands
 * alone.
 */
export function resultOfReport(value: unknown): unknown {
  const isReport = typeof value === 'object' && value !== null && 'baton_spent' in value;
  if (!isReport) return value;
  return 'result' in value ? value.result : undefined;
}
