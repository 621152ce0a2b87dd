import { createInterface } from 'node:readline/promises';
import type { Json } from '../agents/json.js';
import type { PendingApproval, Run } from '../client.js';
import { renderDetails } from './details.js';
import type { Io } from './io.js';
import { paintFor } from './paint.js';
import { WIDTH } from './layout.js';

/**
 * Shows an approval and asks the person at the terminal, who answers as its first approver.
 * @param signal aborted where the question has been answered elsewhere
 */
export async function answerInTerminal(
  run: Run,
  approval: PendingApproval,
  io: Io,
  signal: AbortSignal,
): Promise<void> {
  const { title, details, approvers, options, id } = approval;
  const by = approvers?.[0];
  const { attention, bold } = paintFor(io.out);
  io.out.write(`\n  ${bold(title)}\n`);
  if (details !== undefined) io.out.write(`${renderDetails(details, { width: WIDTH, indent: '  ' })}\n`);
  // Line by line: the terminal itself turns Ctrl-C into a signal then, as everywhere else.
  const lines = createInterface({ input: io.in, terminal: false });
  try {
    const ask = async (question: string) => {
      io.out.write(`  ${attention(question)} `);
      return (await lines.question('', { signal })).trim();
    };
    const who = by === undefined ? '' : ` as ${by}`;
    const approved = await askUntil(() => ask(`Approve${who}? [y/n]`), readYesNo);
    const choice =
      approved && options
        ? await askUntil(() => ask(`Which: ${options.join(' / ')}?`), among(options))
        : undefined;
    const edits =
      approved && approval.edits === 'required' && choice === undefined
        ? await askUntil(() => ask('What holds (JSON)?'), readJson)
        : undefined;
    const comment = approved ? '' : await ask('Why (may be empty)?');
    const answer = {
      id,
      ...(by === undefined ? {} : { by }),
      ...(choice === undefined ? {} : { choice }),
      ...(edits === undefined ? {} : { edits }),
      ...(comment === '' ? {} : { comment }),
    };
    await (approved ? run.approve(answer) : run.reject(answer));
    io.out.write('\n');
  } finally {
    lines.close();
  }
}

async function askUntil<T>(ask: () => Promise<string>, read: (text: string) => T | undefined): Promise<T> {
  for (;;) {
    const value = read(await ask());
    if (value !== undefined) return value;
  }
}

function readYesNo(text: string): boolean | undefined {
  if (/^y(es)?$/i.test(text)) return true;
  return /^no?$/i.test(text) ? false : undefined;
}

function readJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

function among(options: readonly string[]) {
  return (text: string) => options.find((option) => option === text);
}
