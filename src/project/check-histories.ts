import { historyTable } from '../sql/history-table.ts'
import type { EngineName } from '../sql/engine-name.ts'
import { formatDuration } from './duration.ts'
import type { ProblemList } from './problem-list.ts'
import { nameLimits } from './view-address.ts'
import type { ProjectFiles } from './project-files.ts'
import type { ResolvedSettings } from './resolve-settings.ts'
import { isNull, type MapNode } from './settings/settings-node.ts'
import type { ViewName } from './view.ts'

/** Reports views whose dated copies could not be kept, or would be gone before the next one is due. */
export function checkHistories(
  views: ProjectFiles['views'],
  settings: ReadonlyMap<ViewName, ResolvedSettings>,
  engine: EngineName,
  problems: ProblemList,
): void {
  const { bytes, server } = nameLimits[engine]
  for (const [name, { settings: resolved, tree }] of settings) {
    const view = views.get(name)
    const entry = tree.entry('snapshots_interval')
    if (view === undefined || entry === undefined || isNull(entry.node)) continue
    const { name: table } = historyTable({ schema: view.schema, name: view.relation })
    if (Buffer.byteLength(table) > bytes) {
      problems.add(
        entry.keyPlace,
        `the history table of ${name} would be called ${table}, which is longer than the ${bytes} bytes ${server} keeps`,
        `Give the view a shorter name, or set "snapshots_interval: null" for it.`,
      )
    }
    const other = views.get(`${view.schema}.${table}`)
    if (other !== undefined && (other.file !== null || other.script !== null)) {
      problems.add(
        entry.keyPlace,
        `the history table of ${name} would be called ${other.name}, and so is a view`,
        `Rename one of the views, or set "snapshots_interval: null" for ${name}.`,
      )
    }
    if (resolved !== null) checkStoredFor(name, resolved, tree, problems)
  }
}

/** When the newest copy was gone already, nobody could say when the next one is due. */
function checkStoredFor(
  name: ViewName,
  { snapshotsInterval, snapshotsStoredFor }: NonNullable<ResolvedSettings['settings']>,
  tree: MapNode,
  problems: ProblemList,
): void {
  const entry = tree.entry('snapshots_stored_for')
  if (snapshotsInterval === null || snapshotsStoredFor === null || entry === undefined) return
  if (snapshotsStoredFor >= snapshotsInterval) return
  problems.add(
    entry.keyPlace,
    `the copies of ${name} are kept for ${formatDuration(snapshotsStoredFor)}, and made every ${formatDuration(snapshotsInterval)}`,
    'Keep them at least for snapshots_interval.',
  )
}
