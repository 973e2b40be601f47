import type { DeclaredTable } from '../../declared.ts'
import type { BuiltView, OnTestable } from '../../builder.ts'
import { takenOver } from '../catalog/taken-over.ts'
import { countWith, type Counted } from '../../totals.ts'
import { givingWay } from '../connection/giving-way.ts'
import { interruptible } from '../connection/interruptible.ts'
import { transaction } from '../../transaction.ts'
import type { IndexToCreate } from '../statements/indexes.ts'
import { readTotals } from '../totals.ts'
import { begin } from './begin.ts'
import { makeConstraints } from './make-constraints.ts'
import { makeIndex } from './make-index.ts'
import type { IndexPlan } from './plan-indexes.ts'
import { upkeep, type Extent } from '../statements/upkeep.ts'
import { makeFirstStatistics, makeStatistics } from './make-statistics.ts'
import type { Session } from '../connection/session.ts'
import { sideBySide, type Job } from './side-by-side.ts'
import { described } from './take-over.ts'
import { patience, type Work } from './work.ts'

/** A new version whose rows are committed. */
export interface Made {
  /** The new relation's object id. */
  id: number
  work: Work
  columns: readonly string[]
  grantSelect: readonly string[]
  table: DeclaredTable
  indexes: IndexPlan
  /** Null: still to be done. */
  finished: Finished | null
}

export interface Finished {
  notices: readonly string[]
  extent: Extent
}

/** Within the transaction that makes the rows: what stands on them, which are quicker written without it. */
export async function finish(work: Work, columns: readonly string[], indexes: IndexPlan): Promise<Finished> {
  for (const index of indexes.toCreate) await makeIndex(work, work.session, index)
  return finishRest(work, columns, indexes)
}

/** Within a transaction, when the indexes are made. */
async function finishRest(work: Work, columns: readonly string[], indexes: IndexPlan): Promise<Finished> {
  const constraints = await makeConstraints(work, columns)
  const names = new Map([...indexes.names, ...constraints.indexes.map((name) => [name, name] as const)])
  const statistics = await makeStatistics(work, columns, names)
  return {
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
  onTestable: OnTestable,
): Promise<BuiltView> {
  const { context, input, relation } = made.work
  const { view, violations } = input
  return context.workers.using((session) =>
    interruptible(session, context.control, signal, async () => {
      const work = { ...made.work, session, signal }
      let counting: Promise<Counted> | null = null
      const countOnce = (on: Session): Promise<Counted> =>
        (counting ??= countWith(violations, (wanted) => readTotals(on, view, 'new', wanted)))
      // Counting wants no index, and need not wait for them.
      if (made.finished === null) {
        const indexes = made.indexes.toCreate.map((index) => alone(work, index))
        await sideBySide(work, [...indexes, async (on) => void (await countOnce(on))])
      }
      const finished =
        made.finished ??
        (await givingWay(patience, signal, () =>
          transaction(session, begin(work), () => finishRest(work, made.columns, made.indexes)),
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
      const haveTested: Job = async (on) => onTestable((await countOnce(on)).violated)
      await sideBySide(work, isSoonDone ? [haveTested] : [haveTested, maintain])
      const [row] = await session.query<{ storage: string | null }>(
        'select pg_relation_filenode($1::oid)::text as storage',
        [made.id],
      )
      return {
        id: made.id,
        declared: {
          grantSelect: made.grantSelect,
          indexes: made.indexes.declared,
          description: view.settings.description !== null,
          columns: [...new Set([...Object.keys(view.settings.columns), ...described(work.brought)])],
          table: made.table,
          takenOver: takenOver(work.alike ?? work.live, work.kind, made.columns),
        },
        notices: finished.notices,
        storage: row?.storage ?? null,
        ...(await countOnce(session)),
      }
    }),
  )
}

/** An index in a transaction of its own: several of one relation can be made at the same time. */
const alone =
  (work: Work, index: IndexToCreate): Job =>
  (on) =>
    givingWay(patience, work.signal, () => transaction(on, begin(work), () => makeIndex(work, on, index)))
