export {
  ScriptedModel,
  startScriptedModel,
  type Arrival,
  type ChatRequest,
  type Reply,
  type ScriptEntry,
} from './scripted-model.js';
export { startTestServer, type TestServer } from './test-server.js';
