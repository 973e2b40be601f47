import { parseDeclared } from '../engine/declared.ts'
import type { ViewToBuild } from '../engine/engine.ts'
import type { ViewName } from '../project/view.ts'
import { aimAtNew } from './aim.ts'
import { viewOf, type Run } from './run.ts'

/** A view as the engine builds it: pointed at the new versions of the others, with what was declared before. */
export function viewToBuild(
  run: Pick<Run, 'project' | 'graph' | 'engine' | 'publications'>,
  name: ViewName,
  rebuilt: ReadonlySet<ViewName>,
): ViewToBuild {
  const view = viewOf(run, name)
  return {
    view,
    sql: aimAtNew(view.select, view.select.statement, rebuilt, run),
    reads: [...(run.graph.upstream.get(name) ?? [])].filter((upstream) => rebuilt.has(upstream)),
    isRead: [...(run.graph.downstream.get(name) ?? [])].some((reader) => rebuilt.has(reader)),
    declaredBefore: parseDeclared(run.publications.get(name)?.declared ?? null),
  }
}
