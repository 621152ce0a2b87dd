#!/usr/bin/env node
import { runCli } from './main.js';
import { processIo } from './process-io.js';

// A reader that has seen enough, such as head, is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

const code = await runCli(process.argv.slice(2), processIo());
// User code may hold connections open that would keep the process; pipes get what was written first.
process.stdout.write('', () => process.stderr.write('', () => process.exit(code)));
