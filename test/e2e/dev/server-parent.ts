// Run by temporal-server.test.ts: a process that starts a server and then ends in one way or another.
import { createInterface } from 'node:readline';
import { startTemporalServer } from '../../../src/dev/temporal-server.js';

const [binary = '', mode] = process.argv.slice(2);
const server = await startTemporalServer({ binary, port: 0, namespace: 'default' });

if (mode === 'handles') {
  process.on('SIGTERM', () => {
    setTimeout(() => {
      process.kill(server.pid, 0);
      console.log('server still runs');
      void server.stop().then(() => process.exit(0));
    }, 500);
  });
}

createInterface({ input: process.stdin }).on('line', () => {
  throw new Error('an exception that nobody catches (expected by the test)');
});
console.log(server.pid);
