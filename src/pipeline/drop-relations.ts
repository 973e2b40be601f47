import type { DropResult } from '../engine/engine.ts'
import { forgetRelations, listRelations, type RegisteredRelation } from '../state/relations.ts'
import { leftoverOf } from './leftover-of.ts'
import type { Run } from './run.ts'
import { namedView } from './view-name.ts'

export type DropRun = Pick<Run, 'project' | 'engine' | 'state' | 'emit'>

/** Removes the new versions of a run that does not publish them. */
export async function dropNew(run: DropRun): Promise<void> {
  await dropRelations(run, await listNew(run), 0)
}

/** Removes the new versions of a run that builds them again: the schemas for them stay. */
export async function dropToBuildAgain(run: DropRun): Promise<void> {
  await dropAndForget(run, await listNew(run), 0)
}

async function listNew(run: DropRun): Promise<RegisteredRelation[]> {
  return (await listRelations(run.state)).filter((relation) => relation.place === 'new')
}

/** Drops what is registered, forgets what is gone, and says what has to stay. */
export async function dropRelations(
  run: DropRun,
  relations: readonly RegisteredRelation[],
  waitFor: number,
): Promise<DropResult> {
  const result = await dropAndForget(run, relations, waitFor)
  await run.engine.tidy(schemasOf(run.project, relations))
  return result
}

async function dropAndForget(
  run: DropRun,
  relations: readonly RegisteredRelation[],
  waitFor: number,
): Promise<DropResult> {
  const result = await run.engine.drop(relations.map(leftoverOf), { waitFor })
  await forgetRelations(
    run.state,
    [...result.dropped, ...result.gone].map((leftover) => leftover.id),
  )
  for (const { leftover, because } of result.kept) {
    const { schema, name } = leftover.address
    run.emit({
      type: 'warning',
      message: `${schema}.${name} could not be dropped yet: ${because}. The next run or duro cleanup tries again.`,
    })
  }
  return result
}

/** Those of the folder too: a run that made no relation has made the schemas for them all the same. */
function schemasOf(project: Run['project'], relations: readonly RegisteredRelation[]): string[] {
  const dropped = relations.map((relation) => namedView(relation.view).schema)
  return [...new Set([...project.views.values()].map((view) => view.schema).concat(dropped))]
}
