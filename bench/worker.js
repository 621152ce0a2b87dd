// A worker in a process of its own. The TypeScript of the benchmarks is loaded by tsx, which is then out of the way: what is
// measured is built code, with source maps off, as it is deployed.
import { register } from 'tsx/esm/api';

const unregister = register();
const { work } = await import('./worker-main.ts');
await unregister();
process.setSourceMapsEnabled(false);
await work(JSON.parse(process.argv[2]));
