import type { Reply } from '../../src/testing/index.js';
import * as agents from '../workflow/fixtures/context-agents.js';
import { Sent } from './sent.js';
import { openStage, type Stage } from './stage.js';

/** Tokens that the model `window` takes, of which a quarter is kept for the answer. */
export const WINDOW = 4000;
export const PROMPT = 3000;

/** A stage whose models take little, but for `unknown`, which does not say how much it takes. */
export function openContextStage(): Promise<Stage> {
  return openStage(agents, (scripted) => {
    const { url: baseUrl } = scripted;
    return {
      ...scripted.models('unknown'),
      window: { model: 'window', baseUrl, contextWindow: WINDOW, price: { input: 1, output: 2 } },
      wide: { model: 'wide', baseUrl, contextWindow: 16_000 },
      short: { model: 'short', baseUrl, contextWindow: 2400 },
    };
  });
}

interface SearchScript {
  /** What summarisers answer. */
  summary?: Reply;
  /** Characters of a result. */
  size?: number;
  /** Instead of a search or the answer. */
  reply?: (sent: Sent, asked: number) => Reply | undefined;
}

/** A case whose agent searches so often, and answers then. Its name is in all that it says. */
export function searches(
  stage: Stage,
  name: string,
  times: number,
  { summary = 'They searched.', size, reply }: SearchScript = {},
) {
  let asked = 0;
  stage.model.script({
    when: (request) => JSON.stringify(request.messages).includes(name),
    times: Infinity,
    reply: (request) => {
      const sent = new Sent(request);
      if (isSummary(sent)) return summary;
      asked++;
      const given = reply?.(sent, asked);
      if (given) return given;
      const args = { word: `${name}-${asked}`, ...(size ? { size } : {}) };
      return asked <= times ? { calls: [{ tool: 'search', args }] } : `${name} done`;
    },
  });
  const it = stage.case(name);
  const all = () => it.arrivals.map(({ request }) => new Sent(request));
  return {
    it,
    /** What the agent's model was sent, and what summarisers were. */
    sent: () => all().filter((sent) => !isSummary(sent)),
    summaries: () => all().filter(isSummary),
  };
}

function isSummary({ instructions }: Sent): boolean {
  return instructions.startsWith('You are given a conversation') || instructions === 'You shorten.';
}
