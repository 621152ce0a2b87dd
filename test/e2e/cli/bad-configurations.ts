/** A project without a dependency, so that it can lie anywhere. */
const agent = (fields = '') =>
  `export const clerk = { kind: 'agent', spec: { description: 'Helps', instructions: 'Help.', model: 'small', ${fields} } };`;
const config = (fields: string) => ({ 'baton.config.mjs': `export default { ${fields} };` });
const model = (fields: string) => config(`models: { small: { ${fields} } }`);

export const GOOD = {
  'agents.mjs': agent(),
  'workflows.mjs': 'export async function hello() {}',
};

type Broken = [what: string, files: Record<string, string>, says: RegExp];

export const CONFIGURATIONS: Broken[] = [
  ['an empty file', { 'baton.config.mjs': '' }, /no default export: export default/],
  ['half of a file', { 'baton.config.mjs': 'export default {' }, /baton\.config\.mjs cannot be loaded/],
  ['a file that throws', { 'baton.config.mjs': "throw new Error('no such key');" }, /no such key/],
  ['a file that throws nothing', { 'baton.config.mjs': 'throw undefined;' }, /cannot be loaded: undefined/],
  ['an import that is not there', { 'baton.config.mjs': "import 'nowhere';" }, /nowhere/],
  ['a number', { 'baton.config.mjs': 'export default 5;' }, /expected object, received number/],
  ['nothing at all', { 'baton.config.mjs': 'export default null;' }, /expected object, received null/],
  ['a function', { 'baton.config.mjs': 'export default () => ({});' }, /received function/],
  ['a list', { 'baton.config.mjs': 'export default [];' }, /received array/],
  [
    'an unknown field in a promise',
    { 'baton.config.mjs': 'export default Promise.resolve({ modls: {} });' },
    /Unrecognized key: "modls"/,
  ],
  ['a mistyped field', config('modls: {}'), /Unrecognized key: "modls"/],
  ['agents in no file', config("agents: './none.mjs'"), /none\.mjs is not there/],
  ['agents in a folder', config("agents: '.'"), /is no file/],
  ['agents without a path', config("agents: ''"), /→ at agents/],
  ['orchestrations that are a number', config('workflows: 5'), /→ at workflows/],
  ['activities in no file', config("activities: './none.mjs'"), /none\.mjs is not there/],
  ['models in a list', config('models: []'), /→ at models/],
  ['a model by its name alone', config("models: { small: 'gpt' }"), /→ at models\.small/],
  ['a model without its name', model(''), /→ at models\.small\.model/],
  ['a mistyped field of a model', model("model: 'm', baseURL: 'http://a'"), /"baseURL"/],
  ['a key in the configuration', model("model: 'm', apiKey: 'secret'"), /"apiKey"/],
  ['an address without a scheme', model("model: 'm', baseUrl: 'localhost'"), /→ at models\.small\.baseUrl/],
  ['an address of a file', model("model: 'm', baseUrl: 'file:///etc'"), /→ at models\.small\.baseUrl/],
  ['a price below nothing', model("model: 'm', price: { input: -1, output: 1 }"), /→ at .*price\.input/],
  ['half a price', model("model: 'm', price: { input: 1 }"), /→ at .*price\.output/],
  ['a price in words', model("model: 'm', price: { input: '1', output: 1 }"), /→ at .*price\.input/],
  ['a window of nothing', model("model: 'm', contextWindow: 0"), /→ at .*contextWindow/],
  ['an API that there is not', model("model: 'm', api: 'completions'"), /→ at .*api/],
  ['a stream in words', model("model: 'm', stream: 'yes'"), /→ at .*stream/],
  ['an alias without a name', config("models: { '': { model: 'm' } }"), /→ at models/],
  [
    'an alias that the agents do not use',
    config("models: { large: { model: 'm' } }"),
    /uses the model "small"/,
  ],
  ['no models', config('models: {}'), /uses the model "small"/],
  ['a task queue without a name', config("taskQueue: ''"), /→ at taskQueue/],
  ['circuits that are just on', config('circuits: true'), /false, or settings[^]*→ at circuits/],
  ['circuits that open at once', config('circuits: { failures: 0 }'), /circuits/],
  ['a mistyped field of circuits', config('circuits: { faliures: 5 }'), /faliures|circuits/],
  ['a storage that is a number', config('storage: 5'), /a folder, s3:[^]*→ at storage/],
  ['a storage that is nothing', config('storage: {}'), /a folder, s3:[^]*→ at storage/],
  ['a storage of another kind', config("storage: 'ftp://x'"), /neither a folder, nor s3/],
  ['a bucket without a name', config("storage: 's3://'"), /not of the form s3/],
];

const tool = (fields: string) => ({
  'agents.mjs': `${agent()} export const find = { kind: 'tool', spec: { ${fields} } };`,
});

export const DEFINITIONS: Broken[] = [
  ['half of a file of agents', { 'agents.mjs': 'export const {' }, /agents\.mjs cannot be loaded/],
  ['agents that throw', { 'agents.mjs': "throw new Error('no such key');" }, /no such key/],
  ['an agent of nothing', { 'agents.mjs': "export const clerk = { kind: 'agent' };" }, /agent "clerk": /],
  ['an agent without a model', { 'agents.mjs': agent('model: undefined') }, /→ at model/],
  ['an agent without instructions', { 'agents.mjs': agent('instructions: null') }, /→ at instructions/],
  ['a mistyped field of an agent', { 'agents.mjs': agent('tols: {}') }, /agent "clerk"[^]*"tols"/],
  ['tools in a list', { 'agents.mjs': agent('tools: [5]') }, /→ at tools/],
  ['a tool that is a number', { 'agents.mjs': agent('tools: { a: 5 }') }, /defineTool[^]*→ at tools\.a/],
  [
    'an output that is no schema',
    { 'agents.mjs': agent('output: { usd: 1 }') },
    /a schema of zod 4[^]*→ at output/,
  ],
  ['a limit of nothing', { 'agents.mjs': agent('limits: { turns: 0 }') }, /→ at turns/],
  [
    'a mistyped policy',
    { 'agents.mjs': agent('context: { tokns: 5 }') },
    /context of agent "clerk"[^]*"tokns"/,
  ],
  ['a policy that leaves all', { 'agents.mjs': agent('context: { to: 1 }') }, /→ at to/],
  ['a tool of nothing', { 'agents.mjs': "export const find = { kind: 'tool' };" }, /tool "find": /],
  ['a tool without anything', tool(''), /→ at description[^]*→ at effect[^]*→ at run/],
  [
    'a subscription of nothing',
    { 'agents.mjs': "export const paid = { kind: 'subscription' };" },
    /subscription "paid"/,
  ],
];
