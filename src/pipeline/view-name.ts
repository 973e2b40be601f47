import type { ViewName, NamedView } from '../project/view.ts'

/** A view of which only the name is known: the folder may have lost it. No schema of a view has a dot in its name. */
export function namedView(name: ViewName): NamedView {
  const dot = name.indexOf('.')
  return { name, schema: name.slice(0, dot), relation: name.slice(dot + 1) }
}
