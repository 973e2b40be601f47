import type { Leftover } from '../engine/engine.ts'
import { removeAbandonedFolders } from '../import/private-folder.ts'
import type { ViewName } from '../project/view.ts'
import { forgetPublication, readPublications } from '../state/publications.ts'
import { readHistoryTables } from '../state/history-tables.ts'
import { listRelations } from '../state/relations.ts'
import { pruneRuns } from '../state/runs.ts'
import { followUp } from './follow-up.ts'
import { dropRelations } from './drop-relations.ts'
import { removeLoads } from './remove-loads.ts'
import type { Run } from './run.ts'
import { namedView } from './view-name.ts'

export type CleanupRun = Pick<Run, 'project' | 'engine' | 'state' | 'emit'>

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
  /** Tables with dated copies of removed views, as `schema.name`. They hold what nothing can make again, and stay. */
  keptHistories: readonly string[]
  prunedRuns: number
}

/** Milliseconds that a drop waits for readers. */
const patience = 5000

/** Removes what duro made and nobody needs: old and left-over versions, removed views, the history of old runs. */
export async function cleanup(run: CleanupRun, options: CleanupOptions): Promise<CleanupResult> {
  const { dropped: removedViews, kept } = options.removed
    ? await removeViews(run, options.dryRun)
    : { dropped: [], kept: [] }
  const keptHistories = await historiesOf(run, removedViews)
  const leftovers = await listRelations(run.state)
  const before = new Date(options.now.getTime() - run.project.settings.historyStoredFor)
  if (options.dryRun) {
    return {
      dropped: leftovers.map((relation) => `${relation.schema_name}.${relation.relation_name}`),
      kept: [],
      removedViews,
      keptHistories,
      prunedRuns: await pruneRuns(run.state, before, true),
    }
  }
  await followUp(run)
  await removeAbandonedFolders(run.project.root)
  await removeLoads(run, 'old')
  const result = await dropRelations(run, leftovers, patience)
  return {
    dropped: result.dropped.map(nameOf),
    kept: [...kept, ...result.kept.map(({ leftover, because }) => ({ relation: nameOf(leftover), because }))],
    removedViews,
    keptHistories,
    prunedRuns: await pruneRuns(run.state, before, false),
  }
}

interface RemovedViews {
  dropped: readonly ViewName[]
  kept: CleanupResult['kept']
}

/** What was built last goes first: it may read the others. What anybody else depends on stays, with an error. */
async function removeViews(run: CleanupRun, dryRun: boolean): Promise<RemovedViews> {
  const removed = [...(await readPublications(run.state)).values()]
    .filter((publication) => !run.project.views.has(publication.name))
    .toSorted((one, other) => other.relation - one.relation)
  if (dryRun) return { dropped: removed.map(({ name }) => name), kept: [] }
  const dropped: ViewName[] = []
  const kept: { relation: string; because: string }[] = []
  for (const { name, relation } of removed) {
    const result = await run.engine.dropLive(namedView(name), relation)
    if (result === 'dropped') {
      await forgetPublication(run.state, name)
      dropped.push(name)
      continue
    }
    const { because } = result
    kept.push({ relation: name, because })
    run.emit({
      type: 'warning',
      view: name,
      message: `could not be dropped yet: ${because}. Run \`duro cleanup --removed\` again.`,
    })
  }
  return { dropped, kept }
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
