import { removeAbandonedFolders } from '../import/private-folder.ts'
import { listRelations } from '../state/relations.ts'
import { ProblemsError } from '../errors.ts'
import { dropRelations } from './drop-relations.ts'
import { findHiddenViews } from './find-hidden-views.ts'
import { catchUpHistory } from './history.ts'
import { obstacleOptions, type Run } from './run.ts'

/** Tidies up behind earlier runs, and refuses what the catalog shows to end badly, before any work is done. */
export async function prepare(run: Run): Promise<void> {
  await catchUpHistory(run)
  await removeLeftovers(run)
  const hidden = await findHiddenViews(run)
  if (hidden.length > 0) throw new ProblemsError('preflight', hidden)
  await run.engine.prepare(obstacleOptions(run, run.options.replaceTables))
}

/**
 * What earlier runs left: old versions that were kept or still read, and of runs that were killed new ones, and the
 * folders of their scripts.
 */
async function removeLeftovers(run: Run): Promise<void> {
  const leftovers = await listRelations(run.state)
  if (leftovers.length > 0) await dropRelations(run, leftovers, 0)
  await removeAbandonedFolders(run.project.root)
}
