import type { Engine } from '../engine/engine.ts'
import type { Graph } from '../graph/graph.ts'
import type { Plan } from '../plan/plan.ts'
import type { Project } from '../project/project.ts'
import type { ViewName } from '../project/view.ts'

/** What the text of the views does not show, and the catalog does. */
export interface Limits {
  /** Views of the plan that read foreign tables, when there is more than one: no snapshot covers these. */
  foreign: readonly ViewName[]
  /** A source that itself reads a managed view, without the graph knowing. */
  hidden: readonly HiddenPath[]
  /** The server has no snapshot that several sessions could read at, so several views read their sources in turn. */
  noInstant: boolean
}

export interface HiddenPath {
  view: ViewName
  /** As the select names it. */
  source: string
  /** The managed view behind it. */
  reads: ViewName
}

export async function findLimits({
  project,
  graph,
  plan,
  engine,
}: {
  project: Project
  graph: Graph
  plan: Plan
  engine: Engine
}): Promise<Limits> {
  const planned = new Set(plan.views.map((view) => view.name))
  const sources = new Map([...graph.sources.values()].flat().map((source) => [nameOf(source), source]))
  const reached = await engine.reach([...sources.values()], [...project.views.values()])
  const foreignSources = new Set(reached.filter((found) => found.foreign).map((found) => found.source))
  const foreign = [...planned].filter((name) =>
    (graph.sources.get(name) ?? []).some((source) => foreignSources.has(nameOf(source))),
  )
  const readers = readersOf(graph)
  const hidden = reached.flatMap(({ view, source, schema, name }): HiddenPath[] => {
    const reads = `${schema}.${name}`
    if (!project.views.has(reads)) return []
    return (view === undefined ? (readers.get(source) ?? []) : [view])
      .filter((reader) => reads !== reader && graph.upstream.get(reader)?.has(reads) !== true)
      .map((reader) => ({ view: reader, source, reads }))
  })
  const place = new Map(graph.order.map((name, index) => [name, index]))
  hidden.sort((a, b) => (place.get(a.view) ?? 0) - (place.get(b.view) ?? 0))
  return {
    foreign: project.settings.oneInstant && foreign.length > 1 ? foreign : [],
    hidden,
    noInstant: engine.name === 'redshift' && planned.size > 1,
  }
}

/** The views whose text names a source. */
function readersOf(graph: Graph): Map<string, ViewName[]> {
  const readers = new Map<string, ViewName[]>()
  for (const [view, sources] of graph.sources) {
    for (const source of sources) {
      const known = readers.get(nameOf(source))
      if (known === undefined) readers.set(nameOf(source), [view])
      else known.push(view)
    }
  }
  return readers
}

const nameOf = ({ schema, name }: { schema: string | null; name: string }): string =>
  schema === null ? name : `${schema}.${name}`
