import type { Problem } from '../errors.ts'
import type { Project } from '../project/project.ts'
import { everythingReadBy, statementsOf, type View, type ViewName } from '../project/view.ts'
import { viewName } from '../sql/identifiers.ts'
import type { Reference } from '../sql/parser.ts'
import { resolveReference } from '../sql/resolve.ts'
import type { SourceReference } from './graph.ts'
import { didYouMean } from './nearest.ts'

/** What one view reads, near only. */
export interface Reads {
  views: ReadonlySet<ViewName>
  sources: readonly SourceReference[]
  problems: readonly Problem[]
}

/** The relations in a view's select, or in that of its processor, and what its `depends_on` names. */
export function findReads(view: View, project: Project): Reads {
  const views = new Set<ViewName>()
  const sources = new Map<string, SourceReference>()
  for (const reference of statementsOf(view).flatMap(({ statement }) => statement.references)) {
    // A qualifier names what is read anyway, and what a `create table` makes is not read.
    if (reference.kind === 'column-qualifier' || reference.kind === 'target') continue
    const { schema, name } = reference
    const managed = readView(reference, project)
    // A row type or a literal binds a view just as reading does, but a type that is no view is no relation either.
    if (managed !== null) views.add(managed)
    else if (reference.kind === 'relation') sources.set(JSON.stringify([schema, name]), { schema, name })
  }

  const problems = unclearReads(view, project)
  for (const wanted of view.settings.dependsOn) {
    const managed = namedView(wanted, project)
    if (managed === null) problems.push(unknownDependency(view, wanted, project))
    else views.add(managed)
  }
  return { views, sources: [...sources.values()], problems }
}

/**
 * Redshift reads `sales.orders` behind `public.sales` as a column of that. Where it is also a view of the project, to
 * take it for a column could lose what the view reads, and to take it for the view could read something else.
 */
function unclearReads(view: View, project: Project): Problem[] {
  return everythingReadBy(view).flatMap(({ statement: { ways = [] }, placeOf }) =>
    ways.flatMap((way) => {
      const managed = readView(way, project)
      if (managed === null) return []
      return {
        message: `${managed} can be the view, or a column of what is called ${way.schema} here`,
        ...placeOf(way.span.start),
        hint: `Give what is called ${way.schema} an alias that is the name of no schema.`,
      }
    }),
  )
}

/** The views that a view's SQL names in any way; those of `depends_on` are not among them. */
export const viewsNamedIn = (view: View, project: Project): ReadonlySet<ViewName> =>
  new Set(
    statementsOf(view).flatMap(({ statement }) =>
      statement.references.flatMap((reference) => readView(reference, project) ?? []),
    ),
  )

/** The view that a reference means; null when it is a source. */
export function readView(reference: Reference, project: Project): ViewName | null {
  const managed = resolveReference(reference, project.settings.defaultSchema, (address) =>
    project.views.has(viewName(address)),
  )
  return managed === null ? null : viewName(managed)
}

/** `depends_on` takes a name with its schema, or without one as SQL does. */
function namedView(wanted: string, project: Project): ViewName | null {
  const candidates = [wanted, ...project.settings.defaultSchema.map((schema) => `${schema}.${wanted}`)]
  return candidates.find((name) => project.views.has(name)) ?? null
}

function unknownDependency(view: View, wanted: string, project: Project): Problem {
  return {
    message: `depends_on of ${view.name} names ${wanted}, which is no view of this project`,
    file: view.file.path,
    hint: didYouMean(wanted, project.views.keys()) ?? 'Only views belong there, sources need no mention.',
  }
}
