import type { ClientConfig } from 'pg'
import { DuroError, ProblemsError } from '../../errors.ts'
import type { ViewName, NamedView } from '../../project/view.ts'
import { formatAddress, quoteIdentifier } from '../../sql/identifiers.ts'
import type { SqlParser } from '../../sql/parser.ts'
import type { Engine, LiveRelation } from '../engine.ts'
import { interruptible } from '../interruptible.ts'
import { createSessionPool } from '../session-pool.ts'
import { ask, cancelling } from './ask.ts'
import { usingBuilder } from './build/builder.ts'
import { readReachedSources } from './catalog/reach.ts'
import { readRelations } from './catalog/relations.ts'
import { targetOf } from './connection/connection-settings.ts'
import { createConnector, sessionsBy, type Connector } from './connection/connector.ts'
import type { Session } from './connection/session.ts'
import { describeRun } from './describe-run.ts'
import { dropLeftovers } from './drop.ts'
import { explainFailure } from './explain-failure.ts'
import { findObstacles } from './find-obstacles.ts'
import { copyToHistory } from './history/copy.ts'
import { describeHistory } from './history/describe-history.ts'
import { listCopies } from './history/list-copies.ts'
import { pruneHistory } from './history/prune.ts'
import { literals } from './literals.ts'
import { addressOf } from './places.ts'
import { leaseTable } from './run-lock/lease-table.ts'
import { usingRunLock, type HeldLock } from './run-lock/run-lock.ts'
import { swap } from './swap/swap.ts'
import { readTotals } from './totals.ts'
import { tryViews } from './trial/try-views.ts'
import type { Loads } from './upload.ts'

export interface RedshiftOptions {
  /** Asked for each session: a password from IAM is good for minutes. */
  config: () => Promise<ClientConfig>
  /** Where unqualified names are looked up. */
  searchPath: readonly string[]
  /** Runs of the same state schema exclude each other. */
  stateSchema: string
  parser: SqlParser
  /** Null: duro.yaml names no bucket. */
  loads: Loads | null
}

/** @throws DuroError with the code `connection`; OtherEngineError */
export async function connectRedshift(options: RedshiftOptions): Promise<Engine> {
  const { config, searchPath, stateSchema, loads, parser } = options
  const connector = createConnector({ config, searchPath })
  const main = await connector.open()
  const lockTable = leaseTable(stateSchema)
  /** Set while this process holds the run lock. */
  let held: HeldLock | null = null
  /** For what may take long: the next run ends it if this one is killed. */
  const noted: Connector = {
    ...connector,
    ...sessionsBy(async () => {
      const session = await connector.open()
      await held?.heartbeat.note(session)
      return session
    }),
  }
  const readers = createSessionPool(() => noted.open())

  return {
    name: 'redshift',
    server: {
      description: `Amazon Redshift ${/Redshift ([\d.]+)/.exec(main.version)?.[1] ?? ''}`.trimEnd(),
      target: targetOf(main.client),
    },
    encoding: 'UTF8',
    stateDialect: connector.stateDialect,
    addressOf,
    inspect: (views) => inspect(main, views),
    bonds: () => Promise.resolve(null),
    describe: (views, described) => {
      const claim = held?.claim ?? { table: lockTable, owner: 'this run', fence: 1 }
      return describeRun(main, claim, loads?.describe ?? null, views, described)
    },
    usingRunLock: (lock, callback) =>
      usingRunLock(connector, lockTable, lock, async (taken) => {
        held = taken
        try {
          return await callback()
        } finally {
          held = null
        }
      }),
    reach: (sources) => readReachedSources(main, sources),
    tryOut: (views, trial) => noted.using((session) => tryViews(session, main, views, { ...trial, parser })),
    findObstacles: (wanted) => findObstacles(main, wanted, loads !== null),
    async prepare(preparation) {
      const obstacles = await findObstacles(main, preparation, loads !== null)
      if (obstacles.length > 0) throw new ProblemsError('preflight', obstacles)
      for (const schema of await makeSchemas(main, [
        ...new Set(preparation.views.map((view) => view.schema)),
      ]))
        preparation.emit({ type: 'notice', message: `made the schema ${schema}` })
    },
    usingBuilder: (build, callback) => usingBuilder(noted, loads?.using ?? null, build, callback),
    totals: (view, wanted, signal) =>
      readers.using((session) =>
        interruptible(
          cancelling(session, main),
          signal,
          async () => (await readTotals(session, view, wanted)).totals,
        ),
      ),
    ask: (question, onRow, signal) => readers.using((session) => ask(session, main, question, onRow, signal)),
    swap(members, swapOptions) {
      if (held === null) throw new DuroError('internal', 'a swap needs the run lock')
      return swap(connector, held, members, swapOptions)
    },
    drop: (leftovers, dropOptions) =>
      connector.using((session) => dropLeftovers(session, leftovers, dropOptions)),
    // A swap leaves nothing to be done: no constraint is validated.
    followUp: () => Promise.resolve('done'),
    dropLive: (view, id) => dropLive(main, view, id),
    // New and old versions live in the schemas of their views.
    tidy: () => Promise.resolve(),
    removeAbandonedLoads: async (which) => loads?.removeAbandoned(which),
    copyToHistory: (copy, copyOptions) => copyToHistory(noted, main, copy, copyOptions),
    pruneHistory: (pruned) => connector.using((session) => pruneHistory(session, pruned)),
    listCopies: (view) => listCopies(main, view),
    describeHistory: (copy, copyOptions) => describeHistory(main, copy, copyOptions),
    async close() {
      await readers.close()
      await main.end().catch(() => undefined)
    },
  }
}

async function inspect(
  session: Session,
  views: readonly NamedView[],
): Promise<ReadonlyMap<ViewName, LiveRelation>> {
  const found = await readRelations(
    session,
    views.map((view) => addressOf(view, 'live')),
  )
  return new Map(
    views.flatMap((view) => {
      const relation = found.get(formatAddress(addressOf(view, 'live')))
      // Redshift does not tell whether rows were written anew.
      return relation === undefined
        ? []
        : [[view.name, { id: relation.id, kind: relation.kind, storage: null, isReachable: true }]]
    }),
  )
}

/** Those that are not there. @returns which were made */
async function makeSchemas(session: Session, schemas: readonly string[]): Promise<string[]> {
  if (schemas.length === 0) return []
  const rows = await session.query<{ name: string }>(
    `select nspname as name from pg_namespace where nspname in (${literals(schemas)})`,
  )
  const missing = schemas.filter((schema) => !rows.some(({ name }) => name === schema))
  for (const schema of missing) {
    try {
      await session.query(`create schema ${quoteIdentifier(schema)}`)
    } catch (error) {
      throw explainFailure(error, {
        code: 'preflight',
        what: `the schema ${schema} could not be created`,
        file: null,
      })
    }
  }
  return missing
}

async function dropLive(session: Session, view: NamedView, id: number): Promise<'dropped'> {
  const address = addressOf(view, 'live')
  const relation = (await readRelations(session, [address])).get(formatAddress(address))
  if (relation?.id !== id) return 'dropped'
  try {
    await session.query(`drop ${relation.kind} ${formatAddress(address)}`)
    return 'dropped'
  } catch (error) {
    throw explainFailure(error, { code: 'preflight', what: `${view.name} could not be dropped`, file: null })
  }
}
