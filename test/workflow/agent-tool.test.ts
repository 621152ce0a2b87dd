import type { Run } from '../../src/client.js';
import { renderTrace } from '../../src/cli/render-trace.js';
import { transcriptsOf } from '../../src/trace/transcripts-of.js';
import {
  agentScript,
  analyst,
  asks,
  clerk,
  counts,
  researcher,
  together,
  until,
} from '../support/agent-tool-script.js';
import { historyOf, spans } from '../support/spans.js';
import { openStage, outcomeOf, type Stage } from '../support/stage.js';
import * as agents from './fixtures/agent-tool-agents.js';

describe('an agent as a tool', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage(agents, (model) => model.models('small'));
  });
  afterAll(() => stage.close());

  const { script, requestsOf } = agentScript(() => stage);

  test.concurrent(
    'runs in the same run, with a conversation of its own, and its output is the result',
    async () => {
      script(clerk, 'same-1', asks('find same-1'), 'the answer');
      script(researcher, 'same-1', { calls: [{ tool: 'note', args: { text: 'same-1' } }] }, 'found it');
      const run = await stage.case('same-1').start('clerk');
      const { result } = await outcomeOf(run);
      const [first, last] = requestsOf(clerk, 'same-1');
      expect(first?.tools).toEqual([
        expect.objectContaining({ function: expect.objectContaining({ name: 'note' }) }),
        {
          type: 'function',
          function: {
            name: 'researcher',
            description: 'Finds things out',
            parameters: { type: 'object', properties: { input: { type: 'string' } }, required: ['input'] },
          },
        },
        {
          type: 'function',
          function: {
            name: 'analyst',
            description: 'Counts what there is',
            parameters: {
              type: 'object',
              properties: { topic: { type: 'string' }, years: { type: 'number' } },
              required: ['topic'],
            },
          },
        },
      ]);
      expect(last?.messages.slice(2)).toMatchObject([
        { role: 'assistant', tool_calls: [{ id: '001000100', function: { name: 'researcher' } }] },
        { role: 'tool', tool_call_id: '001000100', content: 'found it' },
      ]);
      const [inner] = requestsOf(researcher, 'same-1');
      expect(inner?.messages).toEqual([
        { role: 'system', content: researcher },
        { role: 'user', content: 'find same-1' },
      ]);
      // The agent's own transcript, and the cost of all that was done for it.
      expect(result).toMatchObject({ output: 'the answer', transcript: { id: 1, length: 4 } });
      const trace = await run.trace();
      expect(result?.cost).toBeCloseTo(trace.totals.cost, 8);
      expect(trace.totals).toMatchObject({ turns: 4, toolCalls: 2 });
      expect(trace.children).toHaveLength(1);
      const [outer, below] = spans(trace, 'agent');
      expect(outer).toMatchObject({ path: 'clerk.1', output: 'the answer' });
      expect(below).toMatchObject({ path: 'clerk.1/researcher.1', input: 'find same-1', output: 'found it' });
      expect(spans(trace, 'tool')[0]).toMatchObject({
        name: 'researcher',
        status: 'completed',
        output: 'found it',
        children: [{ kind: 'agent' }],
      });
      expect(renderTrace(trace, { now: 0 })).toMatch(
        /turn 1 .*\n.*researcher "find same-1" .*\n.*researcher {2}small → found it/,
      );
      const events = await historyOf(stage.baton, run.id);
      expect(
        transcriptsOf(events)
          .get(1)
          ?.map(({ role }) => role),
      ).toEqual(['user', 'assistant', 'tool', 'assistant']);
      expect(transcriptsOf(events).get(2)).toHaveLength(4);
    },
  );

  test.concurrent('runs as a child, with a history of its own', async () => {
    script(clerk, 'child-1', counts('child-1'), 'the answer');
    script(analyst, 'child-1', { json: { count: 3 } });
    const run = await stage.case('child-1').start('clerk');
    expect((await outcomeOf(run)).result?.output).toBe('the answer');
    expect(requestsOf(clerk, 'child-1')[1]?.messages.at(-1)?.content).toBe('{"count":3}');
    const trace = await run.trace();
    const [child] = spans(trace, 'child');
    expect(child).toMatchObject({
      path: 'clerk.1/analyst.1',
      type: 'baton_agent',
      workflowId: `${run.id}/clerk.1/analyst.1`,
      input: { agent: 'analyst', input: { topic: 'child-1' } },
      status: 'completed',
      output: { count: 3 },
    });
    expect(spans(trace, 'tool')).toEqual([
      expect.objectContaining({ name: 'analyst', status: 'completed', children: [child] }),
    ]);
    expect(spans(trace, 'agent').map(({ path }) => path)).toEqual(['clerk.1', 'analyst.1']);
    expect(trace.totals.turns).toBe(3);
    expect(JSON.stringify(await historyOf(stage.baton, run.id))).not.toContain(analyst);
  });

  test.concurrent('is not run with arguments that do not fit its input', async () => {
    script(
      clerk,
      'wrong-1',
      { calls: [{ tool: 'researcher' }, { tool: 'analyst', args: { topic: 3 } }] },
      'well',
    );
    await stage.case('wrong-1').ask('clerk');
    expect(
      requestsOf(clerk, 'wrong-1')[1]
        ?.messages.slice(-2)
        .map(({ content }) => content),
    ).toEqual([
      expect.stringMatching(/^Error: The arguments do not fit: /),
      expect.stringMatching(/^Error: The arguments do not fit: .*\n.*topic/),
    ]);
  });

  test.concurrent('whose failure is an answer for the calling model', async () => {
    script(clerk, 'fails-1', together(asks('refuse fails-1', 'reject fails-1'), counts('fails-1')), 'well');
    script(researcher, 'refuse fails-1', { refusal: 'I will not' });
    script(researcher, 'reject fails-1', {
      calls: [{ tool: 'reject_input', args: { reason: 'too vague' } }],
    });
    script(analyst, 'fails-1', { refusal: 'nor I' });
    const run = await stage.case('fails-1').start('clerk');
    expect((await outcomeOf(run)).result?.output).toBe('well');
    expect(
      requestsOf(clerk, 'fails-1')[1]
        ?.messages.slice(-3)
        .map(({ content }) => content),
    ).toEqual([
      'Error: Refused: researcher: I will not',
      'Error: InputRejected: researcher rejects its input: too vague',
      'Error: Refused: analyst: nor I',
    ]);
    const trace = await run.trace();
    expect(spans(trace, 'tool').map(({ status, error }) => [status, error?.message])).toEqual([
      ['failed', 'Refused: researcher: I will not'],
      ['failed', 'InputRejected: researcher rejects its input: too vague'],
      ['failed', 'Refused: analyst: nor I'],
    ]);
    expect(spans(trace, 'agent').map(({ status, error }) => [status, error?.code])).toEqual([
      ['completed', undefined],
      ['failed', 'Refused'],
      ['failed', 'InputRejected'],
      ['failed', 'Refused'],
    ]);
  });

  test.concurrent('may hand over in its turn', async () => {
    script(clerk, 'over-1', asks('find over-1'), 'the answer');
    script(researcher, 'over-1', { calls: [{ tool: 'transfer_to_expert' }] });
    script('You are the expert.', 'over-1', 'expertly found');
    const run = await stage.case('over-1').start('clerk');
    expect((await outcomeOf(run)).result?.agent.path).toEqual(['clerk']);
    expect(requestsOf(clerk, 'over-1')[1]?.messages.at(-1)?.content).toBe('expertly found');
    expect(spans(await run.trace(), 'agent').map(({ path, output }) => [path, output])).toEqual([
      ['clerk.1', 'the answer'],
      ['clerk.1/researcher.1', 'expertly found'],
      ['clerk.1/researcher.1/expert.1', 'expertly found'],
    ]);
  });

  test.concurrent('waits for people where its definition says so, by its input', async () => {
    script(
      'You are strict.',
      'people-1',
      asks('open people-1', 'secret people-1'),
      counts('people-1'),
      'well',
    );
    script(researcher, 'open people-1', { refusal: 'no' });
    script(analyst, 'people-1', { json: { count: 1 } });
    const run = await stage.case('people-1').start('strict');
    const [secret] = await run.approvals({ wait: '20 seconds' });
    expect(secret).toMatchObject({
      title: 'strict wants to call researcher',
      details: { tool: 'researcher', arguments: { input: 'secret people-1' } },
    });
    await run.reject({ comment: 'not that one' });
    const counting = await eventually(run, 2);
    expect(counting).toMatchObject({ title: 'strict wants to call analyst', approvers: ['lead'] });
    await run.approve({ by: 'lead' });
    expect((await outcomeOf(run)).result?.output).toBe('well');
    const requests = requestsOf('You are strict.', 'people-1');
    expect(requests[1]?.messages.at(-1)?.content).toBe('Error: Not done: rejected: not that one');
    const trace = await run.trace();
    // One at a time: the second question came when the first call had ended.
    expect(
      spans(trace, 'tool').map(({ name, status, children }) => [
        name,
        status,
        children.map(({ kind }) => kind),
      ]),
    ).toEqual([
      ['researcher', 'failed', ['agent']],
      ['researcher', 'cancelled', ['approval']],
      ['analyst', 'completed', ['approval', 'agent']],
    ]);
  });

  test.concurrent(
    'may ask people within, in the same run and in a child, answered out of order',
    async () => {
      script(clerk, 'inner-1', together(asks('inner-1'), counts('inner-1')), 'well');
      const publishes = (text: string) => ({ calls: [{ tool: 'publish', args: { text } }] });
      script(researcher, 'inner-1', publishes('inner-1 here'), 'out');
      script(analyst, 'inner-1', publishes('inner-1 there'), { json: { count: 7 } });
      const run = await stage.case('inner-1').start('clerk');
      const child = stage.baton.run(`${run.id}/clerk.1/analyst.1`);
      const [here] = await run.approvals({ wait: '20 seconds' });
      expect(here).toMatchObject({ title: 'researcher wants to call publish', span: 'clerk.1/approval.1' });
      await until(async () => (await waitingIn(child)).length > 0);
      const waiting = await run.trace();
      expect(waiting.status).toBe('waiting');
      expect(spans(waiting, 'approval').map(({ status }) => status)).toEqual(['waiting', 'waiting']);
      expect(spans(waiting, 'agent').map(({ status }) => status)).toEqual(['waiting', 'waiting', 'waiting']);
      await child.approve({ by: 'editor' });
      await run.reject({ by: 'editor' });
      expect((await outcomeOf(run)).result?.output).toBe('well');
      expect(requestsOf(researcher, 'inner-1')[1]?.messages.at(-1)?.content).toBe(
        'Error: Not done: rejected by editor',
      );
      expect(requestsOf(analyst, 'inner-1')[1]?.messages.at(-1)?.content).toBe('published inner-1 there');
      const trace = await run.trace();
      expect(spans(trace, 'tool').map(({ name, status }) => [name, status])).toEqual([
        ['researcher', 'completed'],
        ['publish', 'cancelled'],
        ['analyst', 'completed'],
        ['publish', 'completed'],
      ]);
    },
  );
});

async function waitingIn(run: Run) {
  return run.approvals().catch(() => []);
}

/** Approval number `n` of a run, when it waits. */
async function eventually(run: Run, n: number) {
  let found: Awaited<ReturnType<Run['approvals']>>[number] | undefined;
  await until(async () => {
    found = (await run.approvals()).find((approval) => approval.n === n);
    return found !== undefined;
  });
  return found;
}
