import { Client, Pool, type QueryResultRow } from 'pg';
import { ApplicationFailure } from '@temporalio/common';
import { lostConnection } from '../../src/activities/lost-connection.js';

/** What a tool did, as it stands in a table. */
export interface Row {
  key: string;
  run: string;
  tool: string;
  step: string;
}

/** `effects` is what has come of it, by key; `executions` has a row for each time that a tool was at work, whatever came of it. */
const SCHEMA = `
  create table effects (key text primary key, run text, tool text, step text);
  create table voids (key text primary key);
  create table executions (id bigserial, key text, run text, tool text, step text, at timestamptz default clock_timestamp());
`;

export async function createTables(url: string): Promise<void> {
  await withClient(url, (client) => client.query(SCHEMA));
}

export async function readTables(
  url: string,
): Promise<{ effects: Row[]; executions: Row[]; voids: string[] }> {
  return withClient(url, async (client) => ({
    effects: (await client.query<Row>('select * from effects')).rows,
    executions: (await client.query<Row>('select * from executions order by id')).rows,
    voids: (await client.query<{ key: string }>('select key from voids')).rows.map(({ key }) => key),
  }));
}

async function withClient<T>(url: string, fn: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await fn(client);
  } finally {
    await client.end();
  }
}

/** The tables as tools write to them, in the process of a worker. */
export class EffectsTable {
  private readonly pool: Pool;

  constructor(url: string) {
    this.pool = new Pool({ connectionString: url, max: 20, connectionTimeoutMillis: 5_000 });
    // A connection that breaks while nobody uses it is none the worse.
    this.pool.on('error', () => undefined);
  }

  /** Has the effect once for the key, unless the key is void. */
  async once({ key, run, tool, step }: Row): Promise<void> {
    await this.query(
      `with executed as (insert into executions (key, run, tool, step) values ($1, $2, $3, $4))
       insert into effects (key, run, tool, step) select $1, $2, $3, $4
       where not exists (select from voids where key = $1) on conflict (key) do nothing`,
      [key, run, tool, step],
    );
  }

  /** Has the effect as often as it is asked. */
  async append({ key, run, tool, step }: Row): Promise<void> {
    await this.query('insert into executions (key, run, tool, step) values ($1, $2, $3, $4)', [
      key,
      run,
      tool,
      step,
    ]);
  }

  /** Undoes an effect, once for the key, and makes the key void that it came with, or may come with late. */
  async undo({ key, run, tool, step }: Row, effectKey: string): Promise<void> {
    await this.query(
      `with executed as (insert into executions (key, run, tool, step) values ($1, $2, $3, $4)),
       voided as (insert into voids (key) values ($5) on conflict (key) do nothing)
       insert into effects (key, run, tool, step) values ($1, $2, $3, $4) on conflict (key) do nothing`,
      [key, run, tool, step, effectKey],
    );
  }

  private async query(text: string, values: string[]): Promise<void> {
    const client = await this.pool.connect().catch((error: unknown) => {
      throw notDone(error);
    });
    let broken: Error | undefined;
    // Without a listener a connection that breaks ends the process.
    const onError = (error: Error) => (broken = error);
    client.on('error', onError);
    try {
      await client.query<QueryResultRow>(text, values);
    } catch (error) {
      broken = error as Error;
      throw unknown(error);
    } finally {
      client.off('error', onError);
      client.release(broken);
    }
  }
}

/** No connection, nothing done: as Node says it where nobody listens, and else as a failure that may be tried again. */
function notDone(error: unknown): unknown {
  return lostConnection(error) === 'unreached'
    ? error
    : Object.assign(new Error(`no connection: ${String(error)}`), { code: 'ECONNREFUSED' });
}

/** The statement went out, and no answer came: it may have been done. */
function unknown(error: unknown): ApplicationFailure {
  return ApplicationFailure.create({ type: 'OutcomeUnknown', message: String(error), nonRetryable: false });
}
