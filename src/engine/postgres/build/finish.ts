import type { DeclaredTable } from '../../declared.ts'
import { transaction } from '../../transaction.ts'
import { givingWay } from '../connection/giving-way.ts'
import type { IndexToCreate } from '../statements/indexes.ts'
import type { Extent } from '../statements/upkeep.ts'
import { begin } from './begin.ts'
import type { MadeConstraints } from './make-constraints.ts'
import { makeIndex } from './make-index.ts'
import { makeFirstStatistics, makeStatistics } from './make-statistics.ts'
import type { IndexPlan } from './plan-indexes.ts'
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
  indexes: IndexPlan
  constraints: MadeConstraints
  /** Null: still to be done. */
  finished: Finished | null
}

export interface Finished {
  notices: readonly string[]
  extent: Extent
}

/**
 * What stands on the rows, which are quicker written without it: indexes and statistics. When the rows are committed,
 * several sessions can make the indexes.
 * @param meanwhile what else wants nothing but the rows
 */
export async function finish(made: Made, meanwhile: readonly Job[] = []): Promise<Finished> {
  const { work, indexes } = made
  await sideBySide(work, [...indexes.toCreate.map((index) => alone(work, index)), ...meanwhile])
  return givingWay(patience, work.signal, () =>
    transaction(work.session, begin(work), () => finishRest(made)),
  )
}

/** An index in a transaction of its own: several of one relation can be made at the same time. */
const alone =
  (work: Work, index: IndexToCreate): Job =>
  (on) =>
    givingWay(patience, work.signal, () =>
      transaction(on, begin(work), () => makeIndex(work.input, on, index)),
    )

/** Within a transaction, when the indexes are made. */
async function finishRest({ work, columns, indexes, constraints }: Made): Promise<Finished> {
  const names = new Map([...indexes.names, ...constraints.indexes.map((name) => [name, name] as const)])
  const statistics = await makeStatistics(work, columns, names)
  return {
    notices: [...indexes.notices, ...constraints.notices, ...statistics.notices],
    extent: work.kind === 'view' ? 'small' : await makeFirstStatistics(work.session, work.relation),
  }
}
