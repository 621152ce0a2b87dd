import { z } from 'zod';
import { defineAgent } from '../define-agent.js';

/** Sums up the conversation that it is given, for somebody who goes on with it. */
export const summariser = (model: string) =>
  defineAgent({
    description: 'Sums up a conversation for somebody who goes on with it',
    instructions: [
      'You are given a conversation and what the summary is for. Sum the conversation up for somebody who has not seen it and goes on with it.',
      'Keep every fact, number, name, id, decision, promise and open question that matters for what comes next; leave out courtesies and what was taken back.',
      'Write plain text, no longer than needed. Add nothing of your own.',
    ].join('\n'),
    model,
    input: z.string(),
    limits: { turns: 3 },
    // Its own conversation is what is to be summed up.
    context: { summarise: false },
  });
