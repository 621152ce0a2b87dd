// The worker of a contender, a module that is the first argument. Its TypeScript is loaded by tsx; source maps are off, as they are
// where code is deployed: Temporal's SDK notes a stack for each promise.
import { register } from 'tsx/esm/api';

register();
process.setSourceMapsEnabled(false);
await import(process.argv[2]);
