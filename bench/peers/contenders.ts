import { baton, batonLocal, batonWrite } from './baton/contenders.js';
import type { Contender } from './contender.js';
import { dbos } from './dbos/contenders.js';
import { langgraph, langgraphDelta } from './langgraph/contenders.js';
import { openaiAgents } from './openai-agents/contenders.js';
import { restate } from './restate/contenders.js';

export const contenders: readonly Contender[] = [
  baton,
  batonLocal,
  openaiAgents,
  langgraph,
  langgraphDelta,
  dbos,
  restate,
  batonWrite,
];
