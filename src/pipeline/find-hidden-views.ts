import type { Problem } from '../errors.ts'
import { readView } from '../graph/find-reads.ts'
import { everythingReadBy, type View, type ViewName } from '../project/view.ts'
import { viewName } from '../sql/identifiers.ts'
import { isSystemName, SYSTEM_SCHEMA } from '../sql/resolve.ts'
import { namedView } from './view-name.ts'
import { plannedViews, type Run } from './run.ts'

/**
 * References without a schema that duro takes for a view of the project, and the server for another relation: one of
 * that name in a schema that comes earlier. And the other way round, names that begin like those of the system and are
 * none. Whether there is such a relation, only the catalog knows.
 */
export async function findHiddenViews(run: Pick<Run, 'project' | 'plan' | 'engine'>): Promise<Problem[]> {
  const suspects = plannedViews(run).flatMap((view) => findSuspects(view, run.project))
  const hiding = [...new Set(suspects.flatMap(({ earlier }) => earlier))].map(namedView)
  if (hiding.length === 0) return []
  const found = await run.engine.inspect(hiding)
  return suspects.flatMap(({ earlier, means, isSystem, problem }) => {
    const other = earlier.find((name) => found.get(name)?.isReachable)
    if (isSystem) {
      if (other !== undefined) return []
      const message = `${namedView(means).relation} is taken for a relation of the system, and not for ${means}`
      return [{ ...problem, message, hint: `Write ${means}.` }]
    }
    if (other === undefined) return []
    const message = `${other} stands in the way of ${means}, which is looked up after it`
    return [{ ...problem, message, hint: `Write ${means}, or ${other} where that is meant.` }]
  })
}

interface Suspect {
  /** The view that duro takes the reference for. */
  means: string
  /** Whether duro takes it for a relation of the system, and not for that view. */
  isSystem: boolean
  /** What the server would take it for rather, first come first. */
  earlier: readonly string[]
  problem: Pick<Problem, 'file' | 'line' | 'column'>
}

function findSuspects(view: View, project: Run['project']): Suspect[] {
  return everythingReadBy(view).flatMap(({ statement, placeOf }) =>
    statement.references.flatMap((reference) => {
      const isRead = reference.kind !== 'column-qualifier' && reference.kind !== 'target'
      if (!isRead || reference.schema !== null) return []
      const { name } = reference
      const named = (schema: string): ViewName => viewName({ schema, name })
      const candidates = project.settings.defaultSchema.map(named)
      const taken = readView(reference, project)
      const isSystem = taken === null && isSystemName(name)
      const means = isSystem ? candidates.find((candidate) => project.views.has(candidate)) : taken
      if (means === null || means === undefined) return []
      const earlier = candidates.slice(0, candidates.indexOf(means))
      return [
        {
          means,
          isSystem,
          earlier: isSystem ? [named(SYSTEM_SCHEMA)] : earlier,
          problem: placeOf(reference.span.start),
        },
      ]
    }),
  )
}
