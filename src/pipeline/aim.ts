import type { Engine } from '../engine/engine.ts'
import { readView } from '../graph/find-reads.ts'
import type { Project } from '../project/project.ts'
import type { SqlFile, View, ViewName } from '../project/view.ts'
import type { ParsedStatement } from '../sql/parser.ts'
import { rewrite, type Rewritten } from '../sql/rewrite.ts'
import { viewOf } from './run.ts'

/** A statement with its references pointed at the new versions of some views; all others stay as they are. */
export function aimAtNew(
  file: SqlFile,
  statement: ParsedStatement,
  rebuilt: ReadonlySet<ViewName>,
  context: { project: Project; engine: Pick<Engine, 'addressOf'> },
): Rewritten {
  return rewrite(file.text, statement, (reference) => {
    const name = readView(reference, context.project)
    if (name === null || !rebuilt.has(name)) return null
    return context.engine.addressOf(viewOf(context, name), 'new')
  })
}

/** The `create table` of a view, which is to make the view's own new version. */
export function aimTable(
  view: View,
  rebuilt: ReadonlySet<ViewName>,
  context: { project: Project; engine: Pick<Engine, 'addressOf'> },
): Rewritten {
  const { text, statement } = view.file
  return rewrite(text, statement, (reference) => {
    const name = reference.kind === 'target' ? view.name : readView(reference, context.project)
    if (name === null || !(rebuilt.has(name) || name === view.name)) return null
    return context.engine.addressOf(viewOf(context, name), 'new')
  })
}
