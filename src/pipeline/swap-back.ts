import { DuroError } from '../errors.ts'
import type { ViewName } from '../project/view.ts'
import { publishStatements, readPublications, withdrawStatements } from '../state/publications.ts'
import {
  listRelations,
  registerStatement,
  unregisterStatement,
  type RegisteredRelation,
} from '../state/relations.ts'
import { doneOrThrow, type SwapRun } from './swap.ts'
import { stage } from './stage.ts'
import { namedView } from './view-name.ts'

/**
 * Makes the versions live again that the last swap replaced, and takes away the views that it made for the first
 * time, all in one transaction. What was live is new again, so that `duro swap` can return to it.
 * @returns the views that went back
 */
export async function swapBack(run: Omit<SwapRun, 'id' | 'publications'>): Promise<ViewName[]> {
  return stage(run, 'swap', async () => {
    const old = (await listRelations(run.state)).filter((relation) => relation.place === 'old')
    if (old.length === 0) {
      throw new DuroError('swap', 'there is no old version to return to', {
        hint: 'It is kept only with `keep_previous: true` in duro.yaml.',
      })
    }
    const { runId, views } = await findLastSwap(run, old)
    const replaced = new Map(old.map((relation) => [relation.view, relation]))
    const outcome = await run.engine.swap(
      views.map((name) => ({ view: namedView(name), comingId: replaced.get(name)?.id ?? null })),
      {
        runId,
        direction: 'back',
        giveUpAfter: run.project.settings.swap.giveUpAfter,
        bookkeeping: (swapped) => [
          unregisterStatement(
            run.state.schema,
            old.map((relation) => relation.id),
          ),
          ...swapped.flatMap(({ view, goingId, keptAt }) =>
            goingId === null
              ? []
              : [
                  registerStatement(run.state.schema, {
                    ...keptAt,
                    id: String(goingId),
                    place: 'new',
                    view,
                    runId,
                  }),
                ],
          ),
          ...withdrawStatements(run.state.schema, runId, views),
          ...byRun(old).flatMap(([earlier, names]) => publishStatements(run.state.schema, earlier, names)),
        ],
        emit: run.emit,
        signal: run.signal,
      },
    )
    doneOrThrow(outcome)
    return views
  })
}

/** The run whose versions are live where old ones are kept: those of one swap, since the next run drops them. */
async function findLastSwap(
  run: Pick<SwapRun, 'state'>,
  old: readonly RegisteredRelation[],
): Promise<{ runId: string; views: ViewName[] }> {
  const publications = await readPublications(run.state)
  const runId = old.map((relation) => publications.get(relation.view)?.run_id).find((id) => id !== undefined)
  if (runId === undefined) throw new DuroError('swap', 'nothing is published that could be taken back')
  const views = [...publications.values()]
    .filter((publication) => publication.run_id === runId)
    .map(({ name }) => name)
  return { runId, views }
}

/** The views by the run that made their old versions; those that duro did not make are left out. */
function byRun(old: readonly RegisteredRelation[]): [string, ViewName[]][] {
  const runs = new Map<string, ViewName[]>()
  for (const { run_id, view } of old) {
    if (run_id !== '') runs.set(run_id, [...(runs.get(run_id) ?? []), view])
  }
  return [...runs]
}
