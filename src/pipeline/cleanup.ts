import type { Leftover } from '../engine/engine.ts'
import { removeAbandonedFolders } from '../import/private-folder.ts'
import type { ViewName } from '../project/view.ts'
import { readHistoryTables } from '../state/history-tables.ts'
import { listRelations } from '../state/relations.ts'
import { pruneRuns } from '../state/runs.ts'
import { followUp } from './follow-up.ts'
import { dropRelations } from './drop-relations.ts'
import { removeLoads } from './remove-loads.ts'
import { nothingRemoved, removeViews } from './remove-views.ts'
import type { Run } from './run.ts'

export type CleanupRun = Pick<Run, 'project' | 'engine' | 'state' | 'emit' | 'signal'>

export interface CleanupOptions {
  /** Views too that duro published and that are no longer in the folder. */
  removed: boolean
  /** Say what would be done, and do nothing. */
  dryRun: boolean
  now: Date
}

export interface CleanupResult {
  /** Relations as `schema.name`. */
  dropped: readonly string[]
  kept: readonly { relation: string; because: string }[]
  removedViews: readonly ViewName[]
  /** Removed views of which nothing was there to drop. */
  goneViews: readonly ViewName[]
  /** Tables with dated copies of removed views, as `schema.name`. They hold what nothing can make again, and stay. */
  keptHistories: readonly string[]
  prunedRuns: number
  /** The removed views that something depends on. */
  failed: ReadonlyMap<ViewName, Error>
}

/** Milliseconds that a drop waits for readers. */
const patience = 5000

/** Removes what duro made and nobody needs: old and left-over versions, removed views, the history of old runs. */
export async function cleanup(run: CleanupRun, options: CleanupOptions): Promise<CleanupResult> {
  const removed = options.removed ? await removeViews(run, options.dryRun) : nothingRemoved
  const views = {
    removedViews: removed.dropped,
    goneViews: removed.gone,
    keptHistories: await historiesOf(run, [...removed.dropped, ...removed.gone]),
    failed: removed.failed,
  }
  const leftovers = await listRelations(run.state)
  const before = new Date(options.now.getTime() - run.project.settings.historyStoredFor)
  if (options.dryRun) {
    return {
      dropped: leftovers.map((relation) => `${relation.schema_name}.${relation.relation_name}`),
      kept: [],
      ...views,
      prunedRuns: await pruneRuns(run.state, before, true),
    }
  }
  await followUp(run)
  await removeAbandonedFolders(run.project.root)
  await removeLoads(run, 'old')
  const result = await dropRelations(run, leftovers, patience)
  return {
    dropped: result.dropped.map(nameOf),
    kept: [
      ...removed.kept.map(({ view, because }) => ({ relation: view, because })),
      ...[...removed.failed].map(([view, { message }]) => ({ relation: view, because: message })),
      ...result.kept.map(({ leftover, because }) => ({ relation: nameOf(leftover), because })),
    ],
    ...views,
    prunedRuns: await pruneRuns(run.state, before, false),
  }
}

async function historiesOf({ state }: CleanupRun, removed: readonly ViewName[]): Promise<string[]> {
  if (removed.length === 0) return []
  const tables = await readHistoryTables(state)
  return removed.flatMap((view) => {
    const table = tables.get(view)
    return table === undefined ? [] : [`${table.schema_name}.${table.relation_name}`]
  })
}

const nameOf = ({ address }: Leftover): string => `${address.schema}.${address.name}`
