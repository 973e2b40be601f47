import { DuroError, type Problem } from '../errors.ts'
import type { Project } from '../project/project.ts'
import { statementsOf, type View, type ViewName } from '../project/view.ts'
import { locate } from '../sql/locate.ts'
import { readView } from './find-reads.ts'

/** `cycle` ends with the view it begins with, and every view reads the next. */
export function describeCycle(cycle: readonly ViewName[], project: Project): Problem {
  const links = cycle.slice(0, -1).map((name, index) => {
    const view = project.views.get(name)
    if (view === undefined) throw new DuroError('internal', `${name} is on a cycle and not in the project`)
    return { view, read: cycle[index + 1] ?? name }
  })
  const [first] = links
  if (first === undefined) throw new DuroError('internal', 'a cycle without a view')
  const place = placeOfReference(first.view, first.read, project)
  return {
    message:
      links.length === 1 ? `${first.view.name} reads itself: ${arrows(cycle)}` : `cycle: ${arrows(cycle)}`,
    ...(place ?? { file: first.view.file.path }),
    hint: links.map(({ view, read }) => describeLink(view, read, project)).join('\n'),
  }
}

function arrows(cycle: readonly ViewName[]): string {
  return cycle.join(' → ')
}

function describeLink(view: View, read: ViewName, project: Project): string {
  const place = placeOfReference(view, read, project)
  return place === null
    ? `${view.name} names ${read} in depends_on`
    : `${view.name} reads ${read} at ${place.file}:${place.line}:${place.column}`
}

function placeOfReference(
  view: View,
  read: ViewName,
  project: Project,
): { file: string; line: number; column: number } | null {
  for (const { path, text, statement } of statementsOf(view)) {
    const reference = statement.references.find(
      (each) => each.kind === 'relation' && readView(each, project) === read,
    )
    if (reference === undefined) continue
    const { line, column } = locate(text, reference.span.start)
    return { file: path, line, column }
  }
  return null
}
