import { Context } from '@temporalio/activity';
import { cutResult, MAX_RESULT_BYTES } from '../agents/cut-result.js';
import type { Json } from '../agents/json.js';
import type { ToolMessage } from '../agents/message.js';
import { READ_FUNCTION } from '../agents/names.js';
import type { StoredResult } from '../agents/stored-result.js';
import { keepValue } from '../storage/keep-value.js';
import { digestOf } from './digest.js';

/** What a model is shown of a result that is kept whole elsewhere, in bytes: enough to see what it is. */
const HEAD_BYTES = 16 * 1024;

/**
 * What the transcript holds of a result: itself, or its start where it is over the limit; the whole is then stored, where the
 * worker has a storage. The tool has done its work, so that a storage that fails costs no more than the rest of the result.
 */
export async function fitResult(
  content: Json,
  limit = MAX_RESULT_BYTES,
): Promise<Pick<ToolMessage, 'content' | 'cut' | 'stored'>> {
  const cut = cutResult(content, limit);
  if (!cut.cut) return cut;
  const { bytes } = cut.cut;
  try {
    const stored = await store(content, bytes);
    if (!stored) return cut;
    const head = cutResult(content, Math.min(limit, HEAD_BYTES), (shown) =>
      [
        `[cut: the result has ${bytes} bytes, of which the first ${shown} are above.`,
        `The whole is kept as "${stored.digest}": ${READ_FUNCTION} reads on, or finds text in it]`,
      ].join(' '),
    );
    return { ...head, stored };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    Context.current().log.warn(`a tool result of ${bytes} bytes could not be stored: ${reason}`);
    return cut;
  }
}

async function store(content: Json, bytes: number): Promise<StoredResult | undefined> {
  const { client, info } = Context.current();
  const { loadedDataConverter, namespace } = client.options;
  const { workflowId: id = '', runId = '' } = info.workflowExecution ?? {};
  const target = { kind: 'workflow' as const, namespace, id, runId, type: info.workflowType ?? '' };
  const kept = await keepValue(loadedDataConverter, target, content);
  return kept && { ...kept, bytes, digest: digestOf(content) };
}
