import { isSnapshotDue } from '../plan/snapshot-due.ts'
import type { ViewName } from '../project/view.ts'
import { readPublications, type Publication } from '../state/publications.ts'
import {
  forgetSnapshot,
  insertSnapshot,
  listPendingSnapshots,
  markMissed,
  readLastSnapshots,
  type Snapshot,
} from '../state/snapshots.ts'
import { listViewRuns } from '../state/view-runs.ts'
import type { Run } from './run.ts'

type DueRun = Pick<Run, 'id' | 'project' | 'state' | 'emit' | 'clock'>

/** A copy to be written. */
export interface DueCopy {
  snapshot: Snapshot
  /** Object id of the live relation. */
  relation: number
  takenAt: Date
  /** In milliseconds; null: for ever. */
  storedFor: number | null
}

/** Of the views that a run is about to publish, those whose new version is to be copied. */
export async function dueAtPublication(
  run: Pick<Run, 'project' | 'state' | 'publications'>,
  runId: string,
  views: readonly ViewName[],
): Promise<ViewName[]> {
  const wanted = views.filter((name) => intervalOf(run, name) !== null)
  if (wanted.length === 0) return []
  const last = await readLastSnapshots(run.state, wanted, 'written')
  const builtAt = new Map(
    (await listViewRuns(run.state, runId)).map((viewRun) => [viewRun.view, viewRun.build_began_at]),
  )
  return wanted.filter((name) => {
    const [interval, at] = [intervalOf(run, name), builtAt.get(name) ?? null]
    const previous = run.publications.get(name)?.built_at ?? null
    return (
      interval !== null &&
      at !== null &&
      isSnapshotDue({ interval, last: last.get(name) ?? null, at, previous })
    )
  })
}

/**
 * A plain view shows something else whenever its sources change, and is published only when its definition does: it is
 * copied by the clock. Those of the plan are left to their publication.
 */
export async function decideOnPlainViews(run: DueRun & Pick<Run, 'plan' | 'publications'>): Promise<void> {
  for (const name of await duePlainViews(run)) {
    await insertSnapshot(run.state, { view: name, run_id: run.id, taken_at: run.clock() })
  }
}

export async function duePlainViews(
  run: Pick<Run, 'project' | 'state' | 'clock' | 'plan' | 'publications'>,
): Promise<ViewName[]> {
  const planned = new Set(run.plan.views.map((view) => view.name))
  const plain = [...run.project.views.values()]
    .filter(
      ({ name, settings }) =>
        settings.snapshotsInterval !== null && settings.materialized === 'none' && !planned.has(name),
    )
    .filter(({ name }) => run.publications.get(name)?.materialized === 'none')
    .map((view) => view.name)
  const last = await readLastSnapshots(run.state, plain, 'written or pending')
  return plain.filter((name) => {
    const interval = intervalOf(run, name)
    const times = { last: last.get(name) ?? null, at: run.clock(), previous: null }
    return interval !== null && isSnapshotDue({ interval, ...times })
  })
}

/** The copies that can be written now. What was replaced before it was copied is told, and noted as missed. */
export async function sortPending(run: DueRun): Promise<DueCopy[]> {
  const pending = await listPendingSnapshots(run.state)
  if (pending.length === 0) return []
  const publications = await readPublications(run.state)
  const due: DueCopy[] = []
  for (const snapshot of pending) {
    const copy = copyOf(run, snapshot, publications.get(snapshot.view), pending)
    if (copy === 'unwanted') await forgetSnapshot(run.state, snapshot)
    else if (copy === 'missed') await reportMissed(run, snapshot)
    else due.push(copy)
  }
  return due
}

/** The copies that earlier runs have left, and that can still be written. Changes nothing. */
export async function listLeftCopies(
  run: Pick<DueRun, 'id' | 'project' | 'state' | 'clock'>,
): Promise<DueCopy[]> {
  const pending = await listPendingSnapshots(run.state)
  const publications = await readPublications(run.state)
  return pending
    .map((snapshot) => copyOf(run, snapshot, publications.get(snapshot.view), pending))
    .filter((copy) => typeof copy === 'object')
}

function copyOf(
  run: Pick<DueRun, 'id' | 'project' | 'clock'>,
  snapshot: Snapshot,
  publication: Publication | undefined,
  pending: readonly Snapshot[],
): DueCopy | 'unwanted' | 'missed' {
  const settings = run.project.views.get(snapshot.view)?.settings
  if (settings === undefined || settings.snapshotsInterval === null || publication === undefined)
    return 'unwanted'
  const isPlain = publication.materialized === 'none'
  const isCurrent = isPlain
    ? pending.findLast((other) => other.view === snapshot.view) === snapshot
    : publication.run_id === snapshot.run_id
  if (!isCurrent) return 'missed'
  return {
    snapshot,
    relation: publication.relation,
    // What a plain view shows is as of now, whatever run found the copy due.
    takenAt: isPlain && snapshot.run_id !== run.id ? run.clock() : snapshot.taken_at,
    storedFor: settings.snapshotsStoredFor,
  }
}

async function reportMissed(run: Pick<DueRun, 'state' | 'emit'>, snapshot: Snapshot): Promise<void> {
  await markMissed(run.state, snapshot)
  run.emit({
    type: 'warning',
    view: snapshot.view,
    message:
      `its history lacks the version of ${snapshot.taken_at.toISOString()} (run ${snapshot.run_id}): ` +
      'it was replaced before a copy could be written',
  })
}

const intervalOf = (run: Pick<Run, 'project'>, name: ViewName): number | null =>
  run.project.views.get(name)?.settings.snapshotsInterval ?? null
