import type { Problem } from '../errors.ts'
import { readView } from '../graph/find-reads.ts'
import { statementsAndTestsOf, type View } from '../project/view.ts'
import { viewName } from '../sql/identifiers.ts'
import { locate } from '../sql/locate.ts'
import { namedView } from './view-name.ts'
import { plannedViews, type Run } from './run.ts'

/**
 * References without a schema that duro takes for a view of the project, and the server for another relation: one of
 * that name in a schema that comes earlier. Whether there is one, only the catalog knows.
 */
export async function findHiddenViews(run: Pick<Run, 'project' | 'plan' | 'engine'>): Promise<Problem[]> {
  const suspects = plannedViews(run).flatMap((view) => findSuspects(view, run.project))
  const hiding = [...new Set(suspects.flatMap(({ earlier }) => earlier))].map(namedView)
  if (hiding.length === 0) return []
  const found = await run.engine.inspect(hiding)
  return suspects.flatMap(({ earlier, means, problem }) => {
    const other = earlier.find((name) => found.get(name)?.isReachable)
    if (other === undefined) return []
    const message = `${other} stands in the way of ${means}, which is looked up after it`
    return [{ ...problem, message, hint: `Write ${means}, or ${other} where that is meant.` }]
  })
}

interface Suspect {
  /** The view that duro takes the reference for. */
  means: string
  /** What the server would take it for rather, first come first. */
  earlier: readonly string[]
  problem: Pick<Problem, 'file' | 'line' | 'column'>
}

function findSuspects(view: View, project: Run['project']): Suspect[] {
  return statementsAndTestsOf(view).flatMap(({ path, text, statement }) =>
    statement.references.flatMap((reference) => {
      const isRead = reference.kind !== 'column-qualifier' && reference.kind !== 'target'
      const means = isRead && reference.schema === null ? readView(reference, project) : null
      if (means === null) return []
      const candidates = project.settings.defaultSchema.map((schema) =>
        viewName({ schema, name: reference.name }),
      )
      const earlier = candidates.slice(0, candidates.indexOf(means))
      const { line, column } = locate(text, reference.span.start)
      return [{ means, earlier, problem: { file: path, line, column } }]
    }),
  )
}
