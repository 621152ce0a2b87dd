import { z } from 'zod';
import {
  agentTool,
  defineAgent,
  defineSubscription,
  defineTool,
  handoff,
} from '../../../src/agents/index.js';
import { connect } from '../../../src/client.js';
import { renderFailure } from '../../../src/cli/render-failure.js';
import { BatonPlugin, bundleWorkflows, createWorker, runWorker } from '../../../src/worker.js';

type Row = [what: string, options: unknown, says: RegExp];

const models = { small: { model: 'm' } };
const agent = (spec: object = {}) =>
  defineAgent({ description: 'Helps', instructions: 'Help.', model: 'small', ...spec });
const tool = (spec: object = {}) =>
  defineTool({ description: 'Finds', input: z.object({}), effect: 'read', run: () => null, ...spec });

const OPTIONS: Row[] = [
  ['nothing', undefined, /expected object/],
  ['no agents', {}, /agents and tools by name[^]*→ at agents/],
  ['agents in a list', { agents: [agent()] }, /→ at agents/],
  ['a mistyped option', { agents: {}, modls: models }, /"modls"\n.*The options are: agents, models, model, /],
  ['models in a list', { agents: {}, models: [] }, /models/],
  ['a price in words', { agents: {}, models: { a: { model: 'm', price: '1' } } }, /→ at a\.price/],
  ['an own model that there is not', { agents: {}, models, model: 'large' }, /"large".*has only: small/],
  ['an own model without a name', { agents: {}, models, model: '' }, /→ at model/],
  ['a cache of nothing', { agents: {}, cacheBytes: 0 }, /→ at cacheBytes/],
  ['a cache in words', { agents: {}, cacheBytes: '64 MB' }, /→ at cacheBytes/],
  ['results larger than a payload', { agents: {}, resultBytes: 2_000_000 }, /→ at resultBytes/],
  ['half a byte', { agents: {}, resultBytes: 0.5 }, /→ at resultBytes/],
  ['a text to notify', { agents: {}, notify: 'me' }, /a function[^]*→ at notify/],
  ['circuits that are just on', { agents: {}, circuits: true }, /circuits: /],
  ['circuits that never fail', { agents: {}, circuits: { failures: 0 } }, /→ at failures/],
  ['a mistyped field of circuits', { agents: {}, circuits: { coolDwn: 1 } }, /"coolDwn"/],
  ['circuits of no time', { agents: {}, circuits: { within: 'soon' } }, /circuits\.within: "soon"/],
  [
    'circuits of a number without unit',
    { agents: {}, circuits: { coolDown: '30' } },
    /circuits\.coolDown: "30"/,
  ],
];

const WORKER: Row[] = [
  ['no orchestrations', { agents: {} }, /name the module with the orchestrations/],
  [
    'orchestrations twice',
    { agents: {}, workflows: 'a', workflowBundle: { code: '' } },
    /either "workflows" or/,
  ],
  ['orchestrations without a path', { agents: {}, workflows: '' }, /→ at workflows/],
  [
    'a deployment without a build',
    { agents: {}, workflows: 'a', deployment: { name: 'x' } },
    /→ at deployment\.buildId/,
  ],
  [
    'a deployment with a dot in its name',
    { agents: {}, workflows: 'a', deployment: { name: 'x.y', buildId: '1' } },
    /→ at deployment\.name/,
  ],
  [
    'a deployment twice',
    {
      agents: {},
      workflows: 'a',
      deployment: { name: 'x', buildId: '1' },
      worker: { workerDeploymentOptions: {} },
    },
    /either "deployment" or/,
  ],
  ['a task queue without a name', { agents: {}, workflows: 'a', taskQueue: '' }, /→ at taskQueue/],
  ['a namespace that is a number', { agents: {}, workflows: 'a', namespace: 5 }, /→ at namespace/],
  ['a mistyped connection', { agents: {}, workflows: 'a', connection: { adress: 'a:1' } }, /→ at connection/],
  ['an address as connection', { agents: {}, workflows: 'a', connection: 'a:1' }, /where to connect/],
  ['a URL as address', { agents: {}, workflows: 'a', connection: { address: 'http://a' } }, /connection/],
  ['options of Temporal in a list', { agents: {}, workflows: 'a', worker: [] }, /→ at worker/],
  [
    'a second task queue',
    { agents: {}, workflows: 'a', worker: { taskQueue: 'q' } },
    /→ at worker\.taskQueue/,
  ],
  [
    'activities that are none',
    { agents: {}, workflows: 'a', worker: { activities: 5 } },
    /→ at worker\.activities/,
  ],
];

const storageOf = (storage: unknown): Row[1] => ({ agents: {}, storage });
const STORAGES: Row[] = [
  ['a number', storageOf(5), /a folder, s3:.*or a storage driver/],
  ['true', storageOf(true), /a folder, s3:.*or a storage driver/],
  ['an object', storageOf({}), /a folder, s3:.*or a storage driver/],
  ['a driver that cannot read', storageOf({ retrieve: 1 }), /a folder, s3:.*or a storage driver/],
  ['an empty text', storageOf(''), /it is empty/],
  ['another kind', storageOf('ftp://x'), /neither a folder, nor s3/],
];

const only = (spec: object) => ({ agents: { clerk: agent(spec) }, models });
const onlyTool = (spec: object) => ({ agents: { find: tool(spec) }, models });
const write = { effect: 'write' };
const helper = agent();
const withHelper = (spec: object) => ({ agents: { helper, clerk: agent(spec) }, models });

const DEFINITIONS: Row[] = [
  ['an agent that is mistyped', only({ tols: {} }), /agent "clerk": .*"tols"/],
  ['a temperature in words', only({ temperature: 'hot' }), /→ at temperature/],
  ['a cheaper model that there is not', only({ cheaper: 'tiny' }), /"tiny", but models has only: small/],
  ['a cheaper model that is a list', only({ cheaper: ['small'] }), /→ at cheaper/],
  ['a pin in words', only({ pin: 'yes' }), /→ at pin/],
  ['a policy that is a word', only({ context: 'short' }), /context of agent "clerk"/],
  ['a mistyped policy', only({ context: { tokns: 5 } }), /context of agent "clerk".*"tokns"/],
  ['a policy of no tokens', only({ context: { tokens: 0 } }), /→ at tokens/],
  ['a policy that keeps all', only({ context: { to: 1 } }), /→ at to/],
  ['a summariser by its name', only({ context: { summarise: 'helper' } }), /or an agent[^]*→ at summarise/],
  [
    'a summariser of another module',
    only({ context: { summarise: agent() } }),
    /summariser .*not registered/,
  ],
  ['a tool that is mistyped', onlyTool({ efect: 'read' }), /tool "find": .*"efect"/],
  ['a tool without its work', onlyTool({ run: undefined }), /a function[^]*→ at run/],
  ['a tool placed elsewhere', onlyTool({ placement: 'remote' }), /→ at placement/],
  ['a write placed local', onlyTool({ ...write, placement: 'local' }), /cannot be placed local: it writes/],
  [
    'a local tool of another queue',
    onlyTool({ placement: 'local', taskQueue: 'q' }),
    /cannot be placed local/,
  ],
  ['a compensation that is a word', onlyTool({ ...write, compensate: 'refund' }), /→ at compensate/],
  ['a compensation of a read', onlyTool({ compensate: () => null }), /only reads: compensate is for/],
  ['a tool that asks nobody', onlyTool({ approval: { approvers: [] } }), /→ at approvers/],
  [
    'approvers that are mistyped',
    onlyTool({ approval: { aprovers: ['lead'] } }),
    /approval of tool.*"aprovers"/,
  ],
  ['an approval in words', onlyTool({ approval: 'lead' }), /true, \{ approvers \}, or a function/],
  ['an unknown whom to ask', onlyTool({ ...write, onUnknown: 'lead' }), /→ at onUnknown/],
  [
    'an agent as a tool that is mistyped',
    withHelper({ tools: { helper: agentTool(helper, { chld: true } as object) } }),
    /agent "helper" as a tool of "clerk": .*"chld"/,
  ],
  [
    'an agent as a tool in another currency',
    withHelper({ tools: { helper: agentTool(helper, { budget: { eur: 1 } as object }) } }),
    /"eur"[^]*→ at budget/,
  ],
  [
    'a hand-off that is mistyped',
    withHelper({ handoffs: { helper: handoff(helper, { transcrpt: 'all' } as object) } }),
    /hand-off of agent "clerk" to "helper": .*"transcrpt"/,
  ],
  [
    'a subscription to nothing',
    {
      agents: { paid: defineSubscription({ event: '', orchestration: 'o', mode: 'start', schema: z.any() }) },
    },
    /subscription "paid": [^]*→ at events\[0\]/,
  ],
  [
    'a subscription of another mode',
    {
      agents: {
        paid: defineSubscription({
          event: 'a',
          orchestration: 'o',
          mode: 'stop' as 'start',
          schema: z.any(),
        }),
      },
    },
    /→ at mode/,
  ],
];

function shown(error: unknown, says: RegExp): void {
  const text = renderFailure(error, { write: () => undefined, columns: 1000 });
  expect(text).toMatch(/^ConfigInvalid: [^]*\n {2}Try: \S/);
  expect(text).toMatch(says);
}

async function refused(going: () => unknown, says: RegExp): Promise<void> {
  let error: unknown;
  try {
    await going();
  } catch (thrown) {
    error = thrown;
  }
  shown(error, says);
}

describe('a worker', () => {
  test.each([...OPTIONS, ...DEFINITIONS])('is refused with %s', async (_, options, says) => {
    const given = options as never;
    await refused(() => new BatonPlugin(given), says);
    const worker = options === undefined ? given : ({ workflows: 'none.ts', ...options } as never);
    await refused(() => createWorker(worker), says);
  });

  test.each(WORKER)('is refused with %s, before it connects', async (_, options, says) => {
    // Nothing listens there: to connect would be another failure.
    const given = { connection: { address: '127.0.0.1:1' }, ...(options as object) } as never;
    await refused(() => createWorker(given), says);
    await refused(() => runWorker(given), says);
  });

  test.each(STORAGES)('is refused with a storage that is %s', async (_, options, says) => {
    await refused(() => {
      const plugin = new BatonPlugin(options as never);
      plugin.configureWorker({ taskQueue: 'q' });
    }, says);
  });

  test('is refused a bundle of no orchestrations', () =>
    refused(() => bundleWorkflows(''), /name the module/));
});

describe('a client', () => {
  test.each<Row>([
    ['a mistyped option', { adress: 'a:1' }, /"adress"/],
    ['a URL as address', { address: 'https://a:1' }, /of the form host:port/],
    ['an address without a name', { address: '' }, /of the form host:port/],
    ['a namespace without a name', { namespace: '' }, /→ at namespace/],
    ['a task queue that is a number', { taskQueue: 5 }, /→ at taskQueue/],
    ['a connection that is none', { connection: {} }, /→ at connection/],
    ['a profile that there is not', { profile: 'nowhere' }, /'nowhere' not found/],
  ])('is refused with %s', (_, options, says) => refused(() => connect(options as never), says));

  test.each(['localhost', 'localhost:7233', '127.0.0.1:1', '[::1]:7233', 'a-b.tmprl.cloud:7233'])(
    'takes the address %s',
    async (address) => {
      // It is read before the profile is looked for.
      await refused(() => connect({ address, profile: 'nowhere' }), /'nowhere' not found/);
    },
  );
});
