export type { Answer, Reply } from './reply.js';
export {
  ScriptedModel,
  startScriptedModel,
  type Arrival,
  type ChatRequest,
  type ScriptEntry,
} from './scripted-model.js';
export { startTestServer, type TestServer } from './test-server.js';
