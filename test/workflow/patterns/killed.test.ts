import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { startScriptedModel, type Reply } from '../../../src/testing/index.js';
import { bundleFile } from '../../support/bundle-file.js';
import { Cast } from '../../support/cast.js';
import { testServer } from '../../support/server.js';
import { startWorkerProcess } from '../../support/worker-process.js';
import type { chooseAgent, climb, compete, decide, sortTicket } from '../fixtures/judged-workflows.js';

const path = (file: string) => fileURLToPath(new URL(file, import.meta.url));

const HANG: Reply = { hang: true };
const yes: Reply = { json: { choice: 'yes' } };

/** Scores the first that it is shown lowest. */
const judgement: Reply = {
  json: { scores: ['A', 'B'].map((label, place) => ({ label, score: place + 1, reason: 'so' })) },
};

describe('a worker killed while patterns are at work', () => {
  it('has them go on on another one, from where they were', async () => {
    const model = await startScriptedModel();
    const cast = (name: string) => new Cast(model, `case ${name};`);
    // Each has something done, and something that hangs with the first worker.
    const route = cast('route').script({
      sorter: [{ json: { label: 'tech', confidence: 0.9 } }],
      ben: [HANG, 'fixed'],
    });
    const choice = cast('choice').script({ cheap: [{ status: 401 }], dear: [HANG, 'oui'] });
    const cascade = cast('cascade').script({
      ann: ['a'],
      verifier: [{ json: { accepted: false, feedback: 'vague' } }, { json: { accepted: true } }],
      ben: [HANG, 'b'],
    });
    const best = cast('best').script({ ann: ['a'], ben: ['b'], 'the judge': [HANG, judgement] });
    const vote = cast('vote').script({ red: [yes], green: [HANG, yes], blue: [yes] });

    const { address, connect } = await testServer();
    const taskQueue = `test-${randomUUID()}`;
    const settings = {
      address,
      taskQueue,
      bundle: await bundleFile(path('../fixtures/judged-workflows.ts')),
      agents: path('../fixtures/judged-agents.ts'),
      models: model.models('small', 'large', 'free'),
    };
    await using baton = await connect(taskQueue);
    const first = await startWorkerProcess(settings);
    const routed = await baton.start<typeof sortTicket>('sortTicket', { text: route.text });
    const chosen = await baton.start<typeof chooseAgent>('chooseAgent', {
      text: choice.text,
      agents: ['cheap', 'dear'],
    });
    const climbed = await baton.start<typeof climb>('climb', { text: cascade.text, rungs: ['ann', 'ben'] });
    const competed = await baton.start<typeof compete>('compete', {
      text: best.text,
      agents: ['ann', 'ben'],
    });
    const decided = await baton.start<typeof decide>('decide', {
      text: vote.text,
      voters: ['red', 'green', 'blue'],
      rule: 'unanimous',
    });
    await Promise.all([
      route.arrived('ben'),
      choice.arrived('dear'),
      cascade.arrived('ben'),
      best.arrived('the judge'),
      ...['red', 'green', 'blue'].map((voter) => vote.arrived(voter)),
    ]);
    const second = await startWorkerProcess(settings);
    first.kill('SIGKILL');

    expect(await routed.result()).toMatchObject({ label: 'tech', by: 'classifier', output: 'fixed' });
    expect(await chosen.result()).toMatchObject({
      agent: 'dear',
      passed: [{ name: 'cheap', code: 'Unauthorized' }],
    });
    expect(await climbed.result()).toMatchObject({
      by: 'ben',
      rejected: [{ name: 'ann', message: 'vague' }],
    });
    const { output, ranking, by } = await competed.result();
    expect(by).toBe('judge');
    // The second attempt was shown the same candidates under the same labels.
    const [lost, told] = [best.said('the judge', 0), best.said('the judge', 1)];
    expect(told).toEqual(lost);
    const shown = JSON.parse(told[0] ?? '') as { candidates: { output: string }[] };
    expect(shown.candidates.map((candidate) => candidate.output)).toEqual(
      ranking.map((candidate) => candidate.output).reverse(),
    );
    expect(output).toBe(shown.candidates[1]?.output);
    expect(await decided.result()).toMatchObject({ winner: 'yes', tally: [{ weight: 3 }], missing: [] });

    // What was done before was not asked again.
    for (const [it, agent] of [
      [route, 'sorter'],
      [choice, 'cheap'],
      [cascade, 'ann'],
      [best, 'ann'],
      [best, 'ben'],
    ] as const)
      expect(it.asked(agent)).toHaveLength(1);
    await second.end();
    await model.stop();
  });
});
