import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startScriptedModel, type ChatRequest, type Reply } from '../../src/testing/index.js';
import { analyst, asks, clerk, counts, researcher, together, until } from '../support/agent-tool-script.js';
import { bundleFile } from '../support/bundle-file.js';
import { testServer } from '../support/server.js';
import { spans } from '../support/spans.js';
import { startWorkerProcess } from '../support/worker-process.js';

describe('a worker killed in the middle of an agent that is a tool', () => {
  it('loses nothing: another worker goes on within it, in the same run and in a child', async () => {
    const path = (file: string) => fileURLToPath(new URL(file, import.meta.url));
    const noted = (text: string): Reply => ({ calls: [{ tool: 'note', args: { text, wait: 60_000 } }] });
    const by = (who: string) => (request: ChatRequest) => request.messages[0]?.content === who;
    const model = await startScriptedModel(
      { when: by(clerk), reply: together(asks('here'), counts('there')) },
      { when: by(researcher), reply: noted('here') },
      { when: by(analyst), reply: noted('there') },
      { when: by(researcher), reply: 'found' },
      { when: by(analyst), reply: { json: { count: 2 } } },
      { when: by(clerk), reply: 'well' },
    );
    const { address, connect } = await testServer();
    const taskQueue = `test-${randomUUID()}`;
    const log = join(mkdtempSync(join(tmpdir(), 'baton-test-')), 'notes.jsonl');
    const settings = {
      address,
      taskQueue,
      bundle: await bundleFile(path('./fixtures/ask.ts')),
      agents: path('./fixtures/agent-tool-agents.ts'),
      models: model.models('small'),
    };
    await using baton = await connect(taskQueue);
    const first = await startWorkerProcess(settings, { BATON_TEST_LOG: log });
    const run = await baton.start('ask', { agent: 'clerk', input: 'go' });
    const notes = () => (readFileSync(log, { encoding: 'utf8', flag: 'a+' }).match(/\n/g) ?? []).length;
    await until(() => notes() === 2);
    const second = await startWorkerProcess(settings, { BATON_TEST_LOG: log });
    first.kill('SIGKILL');
    expect(await run.result()).toMatchObject({ output: 'well' });
    expect(notes()).toBe(4);
    const requests = model.requests.filter(by(clerk));
    expect(requests).toHaveLength(2);
    expect(requests[1]?.messages.slice(-2).map(({ content }) => content)).toEqual(['found', '{"count":2}']);
    expect(spans(await run.trace(), 'agent').every(({ status }) => status === 'completed')).toBe(true);
    await second.end();
    await model.stop();
  });
});
