import { SqlError } from '../errors.ts'
import type { ViewName } from '../project/view.ts'
import { forgetPublication, readPublications, type Publication } from '../state/publications.ts'
import type { Run } from './run.ts'
import { namedView } from './view-name.ts'

/** What became of the views that duro published and that are no longer in the folder. */
export interface RemovedViews {
  dropped: readonly ViewName[]
  /** What duro published is not there any more, or not under that name. */
  gone: readonly ViewName[]
  /** Somebody reads them just now. */
  kept: readonly { view: ViewName; because: string }[]
  /** Something that is not duro's depends on them. */
  failed: ReadonlyMap<ViewName, Error>
}

export const nothingRemoved: RemovedViews = { dropped: [], gone: [], kept: [], failed: new Map() }

/** @param dryRun say what would be done, and do nothing */
export async function removeViews(
  run: Pick<Run, 'project' | 'engine' | 'state' | 'emit'>,
  dryRun: boolean,
): Promise<RemovedViews> {
  const removed = [...(await readPublications(run.state)).values()].filter(
    ({ name }) => !run.project.views.has(name),
  )
  const live = await run.engine.inspect(removed.map(({ name }) => namedView(name)))
  const isThere = ({ name, relation }: Publication): boolean => live.get(name)?.id === relation
  const gone = removed.filter((publication) => !isThere(publication)).map(({ name }) => name)
  const there = removed.filter(isThere)
  if (dryRun) return { ...nothingRemoved, dropped: there.map(({ name }) => name), gone }
  for (const name of gone) await forgetPublication(run.state, name)
  return { ...(await dropViews(run, there)), gone }
}

/** What was built last goes first: it may read the others. What fails is tried again as long as others go. */
async function dropViews(
  run: Pick<Run, 'engine' | 'state' | 'emit'>,
  views: readonly Publication[],
): Promise<Omit<RemovedViews, 'gone'>> {
  const dropped: ViewName[] = []
  const kept: { view: ViewName; because: string }[] = []
  const failed = new Map<ViewName, Error>()
  let open = views.toSorted((one, other) => other.relation - one.relation)
  for (let before = -1; dropped.length > before;) {
    before = dropped.length
    for (const { name, relation } of open) {
      try {
        const result = await run.engine.dropLive(namedView(name), relation)
        failed.delete(name)
        if (result === 'dropped') {
          await forgetPublication(run.state, name)
          dropped.push(name)
        } else kept.push({ view: name, ...result })
      } catch (error) {
        if (!(error instanceof SqlError)) throw error
        failed.set(name, error)
      }
    }
    open = open.filter(({ name }) => failed.has(name))
  }
  for (const { view, because } of kept) {
    const message = `could not be dropped yet: ${because}. Run \`duro cleanup --removed\` again.`
    run.emit({ type: 'warning', view, message })
  }
  for (const [view, error] of failed) run.emit({ type: 'view-failed', stage: 'drop', view, error })
  return { dropped, kept, failed }
}
