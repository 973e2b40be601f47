import { isSnapshotDue } from '../plan/snapshot-due.ts'
import type { ViewName } from '../project/view.ts'
import { stateIsReadable } from '../state/migrate.ts'
import { readLastSnapshots } from '../state/snapshots.ts'
import { duePlainViews, listLeftCopies, type DueCopy } from './due-copies.ts'
import type { Run } from './run.ts'

export type ExpectingRun = Pick<Run, 'id' | 'project' | 'plan' | 'publications' | 'state' | 'clock'>

/** The dated copies that a run of a plan would write if it published now. */
export interface ExpectedCopies {
  /** Of versions that earlier runs have published, and could not copy: these come first. */
  left: readonly DueCopy[]
  /** Of what the run publishes, and of plain views, which are copied by the clock. */
  due: readonly ViewName[]
}

/** Changes nothing. */
export async function expectCopies(run: ExpectingRun): Promise<ExpectedCopies> {
  if (!(await stateIsReadable(run.state))) return { left: [], due: dueViews(run, new Map()) }
  const left = await listLeftCopies(run)
  const last = new Map(await readLastSnapshots(run.state, [...intervalsOf(run).keys()], 'written'))
  // They are written by the time at which the run decides.
  for (const { snapshot, takenAt } of left) last.set(snapshot.view, takenAt)
  const leftViews = new Set(left.map(({ snapshot }) => snapshot.view))
  const plain = (await duePlainViews(run)).filter((name) => !leftViews.has(name))
  return { left, due: [...dueViews(run, last), ...plain] }
}

/** Of the views of the plan that ask for copies. */
function intervalsOf({ plan, project }: ExpectingRun): ReadonlyMap<ViewName, number> {
  return new Map(
    plan.views.flatMap(({ name }) => {
      const interval = project.views.get(name)?.settings.snapshotsInterval ?? null
      return interval === null ? [] : [[name, interval] as const]
    }),
  )
}

function dueViews(run: ExpectingRun, last: ReadonlyMap<ViewName, Date>): ViewName[] {
  return [...intervalsOf(run)].flatMap(([name, interval]) => {
    const previous = run.publications.get(name)?.built_at ?? null
    const times = { interval, last: last.get(name) ?? null, at: run.clock(), previous }
    return isSnapshotDue(times) ? [name] : []
  })
}
