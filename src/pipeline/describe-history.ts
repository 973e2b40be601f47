import type { HistoryCopy } from '../engine/history-copy.ts'
import type { DescribedStatement } from '../engine/engine.ts'
import { readHistoryTables } from '../state/history-tables.ts'
import { stateIsReadable } from '../state/migrate.ts'
import { expectCopies, type ExpectingRun } from './expect-copies.ts'
import { copyStatements } from './history.ts'
import type { Run } from './run.ts'
import { namedView } from './view-name.ts'

export type DescribedHistoryRun = ExpectingRun & Pick<Run, 'engine'>

export interface DescribedHistory {
  /** What earlier runs have left, which comes before all else. */
  before: readonly DescribedStatement[]
  after: readonly DescribedStatement[]
}

/** The statements of the copies that a run of this plan would write if it published now. */
export async function describeHistory(run: DescribedHistoryRun): Promise<DescribedHistory> {
  const { left, due } = await expectCopies(run)
  const known = (await stateIsReadable(run.state)) ? await readHistoryTables(run.state) : new Map()
  const describe = async (
    view: string,
    runId: string,
    copy: Pick<HistoryCopy, 'relation' | 'takenAt'>,
  ): Promise<DescribedStatement[]> => {
    const registered = known.get(view)?.relation ?? null
    const around = copyStatements(run.state, run.id, { view, run_id: runId }, copy.takenAt)
    return run.engine.describeHistory({ view: namedView(view), ...copy, registered }, around)
  }
  const before: DescribedStatement[] = []
  for (const { snapshot, relation, takenAt } of left)
    before.push(...(await describe(snapshot.view, snapshot.run_id, { relation, takenAt })))
  const after: DescribedStatement[] = []
  for (const view of due) after.push(...(await describe(view, run.id, { relation: 0, takenAt: run.clock() })))
  return { before, after }
}
