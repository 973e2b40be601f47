import type { DescribedStatement } from '../engine/engine.ts'
import { isSnapshotDue } from '../plan/snapshot-due.ts'
import type { ViewName } from '../project/view.ts'
import { readHistoryTables } from '../state/history-tables.ts'
import { stateIsReadable } from '../state/migrate.ts'
import { readLastSnapshots } from '../state/snapshots.ts'
import { duePlainViews } from './due-copies.ts'
import { copyStatements } from './history.ts'
import type { Run } from './run.ts'
import { namedView } from './view-name.ts'

export type DescribedHistoryRun = Pick<
  Run,
  'id' | 'project' | 'plan' | 'publications' | 'engine' | 'state' | 'clock'
>

/** The statements of the copies that a run of this plan would write if it published now. */
export async function describeHistory(run: DescribedHistoryRun): Promise<DescribedStatement[]> {
  const hasState = await stateIsReadable(run.state)
  const due = [...(await dueViews(run, hasState)), ...(hasState ? await duePlainViews(run) : [])]
  const known = hasState && due.length > 0 ? await readHistoryTables(run.state) : new Map()
  const statements: DescribedStatement[] = []
  for (const view of due) {
    const takenAt = run.clock()
    const copy = {
      view: namedView(view),
      relation: 0,
      takenAt,
      registered: known.get(view)?.relation ?? null,
    }
    const around = copyStatements(run.state, run.id, { view, run_id: run.id }, takenAt)
    statements.push(...(await run.engine.describeHistory(copy, around)))
  }
  return statements
}

async function dueViews(run: DescribedHistoryRun, hasState: boolean): Promise<ViewName[]> {
  const intervals = new Map(
    run.plan.views.flatMap(({ name }) => {
      const interval = run.project.views.get(name)?.settings.snapshotsInterval ?? null
      return interval === null ? [] : [[name, interval] as const]
    }),
  )
  const last = hasState
    ? await readLastSnapshots(run.state, [...intervals.keys()], 'written')
    : new Map<ViewName, Date>()
  return [...intervals].flatMap(([name, interval]) => {
    const previous = run.publications.get(name)?.built_at ?? null
    const times = { interval, last: last.get(name) ?? null, at: run.clock(), previous }
    return isSnapshotDue(times) ? [name] : []
  })
}
