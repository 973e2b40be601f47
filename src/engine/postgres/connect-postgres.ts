import { ProblemsError } from '../../errors.ts'
import type { Engine } from '../engine.ts'
import type { SqlParser } from '../../sql/parser.ts'
import { ask } from './ask.ts'
import { usingBuilder } from './build/builder.ts'
import { readLiveBonds } from './catalog/live-bonds.ts'
import { readCalledRoutines } from './catalog/called-routines.ts'
import { readReachedSources } from './catalog/reached-sources.ts'
import { parseConnection } from './connection/connection-settings.ts'
import { createConnector, type Connector } from './connection/connector.ts'
import { targetOf } from './connection/connection-settings.ts'
import { createSessionPool } from '../session-pool.ts'
import { interruptible } from './connection/interruptible.ts'
import type { Session } from './connection/session.ts'
import { describeRun } from './describe-run.ts'
import { dropLeftovers } from './drop.ts'
import { dropLive } from './drop-live.ts'
import { copyToHistory } from './history/copy.ts'
import { describeHistory } from './history/describe-history.ts'
import { listCopies } from './history/list-copies.ts'
import { pruneHistory } from './history/prune.ts'
import { addressOf } from './places.ts'
import { findObstacles } from './find-obstacles.ts'
import { followUp } from './follow-up.ts'
import { inspect } from './inspect.ts'
import { lockKeyOf, usingRunLock } from './run-lock.ts'
import { dropEmptyShadowSchemas, makeSchemas } from './shadow-schemas.ts'
import { swap } from './swap/swap.ts'
import { readTotals } from './totals.ts'
import { tryViews } from './trial/try-views.ts'

export interface PostgresOptions {
  /** Null: the `PG*` variables. */
  url: string | null
  /** Where unqualified names are looked up. */
  searchPath: readonly string[]
  /** Runs of the same state schema exclude each other. */
  stateSchema: string
  parser: SqlParser
}

/** @throws DuroError with the code `connection` */
export async function connectPostgres(options: PostgresOptions): Promise<Engine> {
  const { searchPath, stateSchema } = options
  const connector = createConnector({ config: parseConnection(options.url), searchPath })
  const main = await connector.open('main')
  const lockKey = lockKeyOf(stateSchema)
  const readers = createSessionPool(() => openReader(connector))
  /** Set while this process holds the run lock. */
  let holder: Session | null = null

  return {
    name: 'postgres',
    server: {
      description: `PostgreSQL ${await readVersion(main)}`,
      target: targetOf(main.client),
    },
    encoding: main.encoding,
    stateDialect: connector.stateDialect,
    addressOf,
    inspect: (views) => inspect(main, views),
    bonds: (live) => readLiveBonds(main, live),
    describe: (views, described) => describeRun(main, views, described),

    usingRunLock: (lock, callback) =>
      usingRunLock(connector, lockKey, lock, async (session) => {
        holder = session
        try {
          return await callback()
        } finally {
          holder = null
        }
      }),
    reach: async (sources, views) => [
      ...(await readReachedSources(main, sources)),
      ...(await readCalledRoutines(main, views)),
    ],
    tryOut: (views, trial) =>
      connector.using('trial', (session) =>
        interruptible(session, main, trial.signal, () =>
          tryViews(session, views, { ...trial, parser: options.parser }),
        ),
      ),
    findObstacles: (wanted) => findObstacles(main, wanted),
    async prepare(preparation) {
      const obstacles = await findObstacles(main, preparation)
      if (obstacles.length > 0) throw new ProblemsError('preflight', obstacles)
      const schemas = [...new Set(preparation.views.map((view) => view.schema))]
      for (const schema of await makeSchemas(main, schemas)) {
        preparation.emit({ type: 'notice', message: `made the schema ${schema}` })
      }
    },
    usingBuilder: (build, callback) => usingBuilder(connector, lockKey, readers.sessions, build, callback),
    totals: (view, wanted, signal) =>
      readers.using((session) =>
        interruptible(session, main, signal, async () => (await readTotals(session, view, wanted)).totals),
      ),
    ask: (question, onRow, signal) => readers.using((session) => ask(session, main, question, onRow, signal)),
    swap: (members, swapOptions) => swap(connector, members, swapOptions, fence(lockKey, holder)),
    followUp: (statement, signal) =>
      connector.using('follow up', (session) =>
        interruptible(session, main, signal, () => followUp(session, statement, signal)),
      ),
    drop: (leftovers, dropOptions) => dropLeftovers(connector, leftovers, dropOptions),
    dropLive: (view, id) => connector.using('drop', (session) => dropLive(session, view, id)),
    tidy: (schemas) => dropEmptyShadowSchemas(main, schemas),
    // Rows come through the connection, and wait nowhere.
    removeAbandonedLoads: () => Promise.resolve(),
    copyToHistory: (copy, copyOptions) => copyToHistory(connector, lockKey, main, copy, copyOptions),
    pruneHistory: (pruned) => pruneHistory(connector, pruned),
    listCopies: (view) => listCopies(main, view),
    describeHistory: (copy, copyOptions) => describeHistory(main, copy, copyOptions),
    async close() {
      await readers.close()
      await main.end().catch(() => undefined)
    },
  }
}

/**
 * Tests and totals mostly pass over one relation, and several are run at once: where that takes less than a second,
 * parallel workers cost more than they save.
 */
async function openReader(connector: Connector): Promise<Session> {
  const session = await connector.open('read')
  await session.query(
    `select set_config('parallel_setup_cost', greatest(current_setting('parallel_setup_cost')::float8, 50000)::text, false)`,
  )
  return session
}

async function readVersion(session: Session): Promise<string> {
  const [row] = await session.query<{ server_version: string }>('show server_version')
  return row?.server_version.split(' ')[0] ?? ''
}

/** True while the run lock is still ours: another run may have begun when our session was cut. */
function fence(lockKey: number, holder: Session | null): string {
  return (
    `exists (select from pg_catalog.pg_locks where locktype = 'advisory' and classid = ${lockKey}::bigint::oid ` +
    `and objid = 0 and objsubid = 2 and granted and pid = ${holder?.pid ?? 0})`
  )
}
