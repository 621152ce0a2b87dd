/**
 * All of Baton that a workflow bundle holds, as one module: what user code imports by `batonjs/workflow`, and what the worker's
 * entry needs beside it. With one way in, the bundler can join its modules.
 */
export * from './index.js';
export { failure } from './fail.js';
export { interceptors } from './interceptors.js';
export { orchestrations } from './orchestrations/index.js';
