import type { DeclaredTable } from '../../declared.ts'
import type { BuiltView, ViewToBuild } from '../../engine.ts'
import { givingWay } from '../connection/giving-way.ts'
import { interruptible } from '../connection/interruptible.ts'
import { transaction } from '../../transaction.ts'
import { readTotals } from '../totals.ts'
import { makeConstraints } from './make-constraints.ts'
import { makeIndexes } from './make-indexes.ts'
import { makeStatistics } from './make-statistics.ts'
import { patience, type Work } from './work.ts'

/** A new version whose rows are committed. */
export interface Made {
  /** The new relation's object id. */
  id: number
  work: Work
  columns: readonly string[]
  grantSelect: readonly string[]
  table: DeclaredTable
  /** Null: still to be done. */
  finished: Finished | null
}

export interface Finished {
  indexes: readonly string[]
  notices: readonly string[]
}

/** Within a transaction: what stands on the rows, which are quicker written without it. */
export async function finish(work: Work, columns: readonly string[]): Promise<Finished> {
  const indexes = await makeIndexes(work, columns)
  const constraints = await makeConstraints(work, columns)
  const statistics = await makeStatistics(work, columns)
  return {
    indexes: indexes.declared,
    notices: [...indexes.notices, ...constraints.notices, ...statistics.notices],
  }
}

/** What a new version still needs once it is committed, while other views are built. */
export async function settleView(made: Made, signal: AbortSignal): Promise<BuiltView> {
  const { context, input, relation } = made.work
  const { settings } = input.view
  return context.workers.using((session) =>
    interruptible(session, context.control, signal, async () => {
      const work = { ...made.work, session, signal }
      const finished =
        made.finished ??
        (await givingWay(patience, signal, () =>
          transaction(session, 'begin', () => finish(work, made.columns)),
        ))
      const statement = upkeep(settings.materialized, input.isRead)
      if (statement !== null) await session.query(`${statement} ${relation}`)
      const [row] = await session.query<{ storage: string | null }>(
        'select pg_relation_filenode($1::oid)::text as storage',
        [made.id],
      )
      return {
        id: made.id,
        declared: {
          grantSelect: made.grantSelect,
          indexes: finished.indexes,
          description: settings.description !== null,
          columns: Object.keys(settings.columns),
          table: made.table,
        },
        notices: finished.notices,
        storage: row?.storage ?? null,
        totals: await readTotals(session, input.view, 'new'),
      }
    }),
  )
}

/**
 * A REFRESH sets no visibility bits, and without them no scan is index-only; a frozen COPY sets them. What other views
 * of the run read was analyzed before they could.
 */
export function upkeep(
  materialized: ViewToBuild['view']['settings']['materialized'],
  isRead: boolean,
): string | null {
  if (materialized === 'none') return null
  if (materialized === 'view') return isRead ? 'vacuum' : 'vacuum (analyze)'
  return isRead ? null : 'analyze'
}
