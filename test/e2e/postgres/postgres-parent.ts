// Run by local-postgres.test.ts: a process that starts a Postgres and then is killed.
import { startPostgres } from '../../../scripts/postgres/local-postgres.js';

const postgres = await startPostgres({ folder: process.argv[2] ?? '' });
console.log(postgres.pid);
