import type { DeclaredTable } from '../../declared.ts'
import type { Totals } from '../../../events.ts'
import type { BuiltView } from '../../builder.ts'
import { givingWay } from '../connection/giving-way.ts'
import { interruptible } from '../connection/interruptible.ts'
import { transaction } from '../../transaction.ts'
import type { IndexToCreate } from '../statements/indexes.ts'
import { readTotals } from '../totals.ts'
import { makeConstraints } from './make-constraints.ts'
import { firstIndexes, makeIndex, makeOtherIndexes } from './make-indexes.ts'
import { upkeep, type Extent } from '../statements/upkeep.ts'
import { makeFirstStatistics, makeStatistics } from './make-statistics.ts'
import { sideBySide, type Job } from './side-by-side.ts'
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
  extent: Extent
}

/** Within the transaction that makes the rows: what stands on them, which are quicker written without it. */
export async function finish(work: Work, columns: readonly string[]): Promise<Finished> {
  for (const index of firstIndexes(work, columns)) await makeIndex(work, work.session, index)
  return finishRest(work, columns)
}

/** Within a transaction, when the first indexes are made. */
async function finishRest(work: Work, columns: readonly string[]): Promise<Finished> {
  const indexes = await makeOtherIndexes(work, columns)
  const constraints = await makeConstraints(work, columns)
  const statistics = await makeStatistics(work, columns)
  return {
    indexes: indexes.declared,
    notices: [...indexes.notices, ...constraints.notices, ...statistics.notices],
    extent: work.kind === 'view' ? 'small' : await makeFirstStatistics(work.session, work.relation),
  }
}

/**
 * What a new version still needs once it is committed, while other views are built.
 * @param onTestable called when it can be tested
 */
export async function settleView(
  made: Made,
  signal: AbortSignal,
  onTestable: () => void,
): Promise<BuiltView> {
  const { context, input, relation } = made.work
  const { view } = input
  return context.workers.using((session) =>
    interruptible(session, context.control, signal, async () => {
      const work = { ...made.work, session, signal }
      const indexes = made.finished === null ? firstIndexes(work, made.columns) : []
      await sideBySide(
        work,
        indexes.map((index) => alone(work, index)),
      )
      const finished =
        made.finished ??
        (await givingWay(patience, signal, () =>
          transaction(session, 'begin', () => finishRest(work, made.columns)),
        ))
      const maintenance = upkeep(relation, finished.extent, {
        materialized: view.settings.materialized,
        isRead: input.isRead,
      })
      const maintain: Job = async (on) => {
        // Autovacuum may have come first.
        for (const statement of maintenance) await givingWay(patience, signal, () => on.query(statement))
      }
      const isSoonDone = maintenance.length === 0 || finished.extent === 'small'
      if (isSoonDone) await maintain(session)
      onTestable()
      let totals: Totals = {}
      const countUp: Job = async (on) => {
        totals = await readTotals(on, view, 'new')
      }
      await sideBySide(work, isSoonDone ? [countUp] : [maintain, countUp])
      const [row] = await session.query<{ storage: string | null }>(
        'select pg_relation_filenode($1::oid)::text as storage',
        [made.id],
      )
      return {
        id: made.id,
        declared: {
          grantSelect: made.grantSelect,
          indexes: finished.indexes,
          description: view.settings.description !== null,
          columns: Object.keys(view.settings.columns),
          table: made.table,
        },
        notices: finished.notices,
        storage: row?.storage ?? null,
        totals,
      }
    }),
  )
}

/** An index in a transaction of its own: several of one relation can be made at the same time. */
const alone =
  (work: Work, index: IndexToCreate): Job =>
  (on) =>
    givingWay(patience, work.signal, () => transaction(on, 'begin', () => makeIndex(work, on, index)))
