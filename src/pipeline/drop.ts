import { listRelations } from '../state/relations.ts'
import { dropRelations, type DropRun } from './drop-relations.ts'
import { stage } from './stage.ts'

/** Milliseconds that a drop waits for readers of the old version. What they still use goes with the next run. */
const patience = 2000

/** Removes the old versions, unless the project keeps them until the next run, and new ones that were not published. */
export async function drop(run: DropRun): Promise<void> {
  const { keepPrevious } = run.project.settings
  await stage(run, 'drop', async () => {
    const relations = await listRelations(run.state)
    await dropRelations(
      run,
      keepPrevious ? relations.filter((relation) => relation.place === 'new') : relations,
      patience,
    )
  })
}
