import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { startScriptedModel, type ChatRequest } from '../../../src/testing/index.js';
import { bundleFile } from '../../support/bundle-file.js';
import { testServer } from '../../support/server.js';
import { eventually } from '../../support/talk-stage.js';
import { startWorkerProcess } from '../../support/worker-process.js';
import type * as workflows from '../fixtures/talk-workflows.js';

const path = (file: string) => fileURLToPath(new URL(file, import.meta.url));

const textsOf = ({ messages }: ChatRequest) => messages.slice(1).map(({ content }) => String(content));

describe('a worker killed while patterns are at work', () => {
  it('loses nothing of them: each goes on where it was, and nothing recorded is asked again', async () => {
    const of = (agent: string) => (request: ChatRequest) =>
      JSON.stringify(request.messages).includes(`You are the agent ${agent}.`);
    const when = (agent: string, task: string) => (request: ChatRequest) =>
      of(agent)(request) && JSON.stringify(request.messages).includes(task);
    const hang = { hang: true } as const;
    const agreed = { json: { agreed: [], conflicts: [] } };
    const model = await startScriptedModel(
      { when: of('writer'), reply: 'first' },
      { when: of('critic'), reply: hang },
      { when: of('critic'), reply: { json: { accepted: false, score: 1, feedback: 'more' } } },
      { when: of('writer'), reply: 'second' },
      { when: of('critic'), reply: { json: { accepted: true, score: 2, feedback: null } } },
      { when: when('alice', 'dispute;'), reply: 'one' },
      { when: when('bob', 'dispute;'), reply: hang },
      { when: when('bob', 'dispute;'), reply: 'two' },
      { when: 'Compare what they claim.', reply: agreed },
      { when: when('alice', 'meeting;'), reply: 'a1' },
      { when: when('bob', 'meeting;'), reply: 'b1' },
      { when: when('alice', 'meeting;'), reply: hang },
      { when: when('alice', 'meeting;'), reply: 'a2' },
    );
    const { address, connect } = await testServer();
    const taskQueue = `test-${randomUUID()}`;
    const settings = {
      address,
      taskQueue,
      bundle: await bundleFile(path('../fixtures/talk-workflows.ts')),
      agents: path('../fixtures/talk-agents.ts'),
      models: model.models('small'),
    };
    const baton = await connect(taskQueue);
    const first = await startWorkerProcess(settings);
    const names: ('alice' | 'bob')[] = ['alice', 'bob'];
    const refined = await baton.start<typeof workflows.refineText>('refineText', { task: 'refine;' });
    const disputed = await baton.start<typeof workflows.dispute>('dispute', { task: 'dispute;', names });
    const met = await baton.start<typeof workflows.meet>('meet', { task: 'meeting;', names, max: 3 });
    // All of them wait for an answer: the critic's, one of two parallel ones, and the third turn.
    await eventually(() => model.requests.length === 2 + 2 + 3, 'the requests that hang');
    const second = await startWorkerProcess(settings);
    first.kill('SIGKILL');

    expect(await refined.result()).toMatchObject({ value: 'second', accepted: true });
    expect(await disputed.result()).toMatchObject({
      answers: [
        { by: 'alice', answer: 'one' },
        { by: 'bob', answer: 'two' },
      ],
      missing: [],
    });
    const { messages, missing } = await met.result();
    expect(messages).toMatchObject(
      ['a1', 'b1', 'a2'].map((output, turn) => ({ speaker: names[turn % 2], output })),
    );
    expect(missing).toEqual([]);

    // Only the three that hung were asked twice, with the same messages.
    expect(model.requests).toHaveLength(13);
    const alice = model.requests.filter(when('alice', 'meeting;')).map(textsOf);
    expect(alice[2]).toEqual(alice[1]);
    expect(alice[2]).toEqual([
      expect.stringContaining('meeting;'),
      'a1',
      expect.stringContaining('bob:\n> b1'),
    ]);
    await second.end();
    await baton.close();
    await model.stop();
  });
});
