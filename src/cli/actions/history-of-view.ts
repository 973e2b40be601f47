import { namedView } from '../../pipeline/view-name.ts'
import type { ViewName } from '../../project/view.ts'
import { stateIsReadable } from '../../state/migrate.ts'
import { listSnapshots, type Snapshot } from '../../state/snapshots.ts'
import type { OpenDatabase, Shell } from '../command.ts'
import { formatCopies, type CopyRow } from '../report/format-copies.ts'

/** Prints the dated copies that are kept of a view, and those that are missing. */
export async function printHistoryOfView(
  shell: Shell,
  { engine, state, project }: OpenDatabase,
  view: ViewName,
  limit: number,
): Promise<void> {
  const kept = await engine.listCopies(namedView(view))
  const known = (await stateIsReadable(state)) ? await listSnapshots(state, view) : []
  const rows = copyRows(kept?.copies ?? [], known).slice(0, limit)
  const table = kept === null ? null : `${kept.table.schema}.${kept.table.name}`
  if (shell.options.json) {
    shell.output.json({ version: 1, type: 'copies', view, table, copies: rows })
    return
  }
  const interval = project.views.get(view)?.settings.snapshotsInterval ?? null
  shell.output.stdout(formatCopies(view, { table, rows, isAsked: interval !== null }, shell.output.colors))
}

/** What the table holds counts; the state tables tell which run wrote it, and what could not be written. */
export function copyRows(
  kept: readonly { takenAt: Date; rows: number }[],
  known: readonly Snapshot[],
): CopyRow[] {
  const byTime = new Map(known.map((snapshot) => [snapshot.taken_at.getTime(), snapshot]))
  const written = kept.map(({ takenAt, rows }): CopyRow => {
    const snapshot = byTime.get(takenAt.getTime())
    return {
      taken: takenAt,
      rows,
      run: snapshot?.written_by ?? null,
      published: snapshot?.run_id ?? null,
      state: 'kept',
    }
  })
  const present = new Set(kept.map(({ takenAt }) => takenAt.getTime()))
  const absent = known
    // A copy without rows leaves none in the table either.
    .filter(
      ({ taken_at, outcome, row_count }) =>
        !present.has(taken_at.getTime()) && (outcome !== 'written' || row_count === 0),
    )
    .map((snapshot): CopyRow => ({
      taken: snapshot.taken_at,
      rows: snapshot.row_count,
      run: snapshot.written_by,
      published: snapshot.run_id,
      state: snapshot.outcome === null ? 'due' : snapshot.outcome === 'written' ? 'kept' : 'missed',
    }))
  return [...written, ...absent].toSorted((one, other) => other.taken.getTime() - one.taken.getTime())
}
