import type { Engine } from '../engine/engine.ts'
import type { Graph } from '../graph/graph.ts'
import type { Situation } from '../plan/assess-views.ts'
import { describeDefinition } from '../plan/definition.ts'
import { effectiveIntervals } from '../plan/intervals.ts'
import type { ViewState } from '../plan/plan.ts'
import type { Project } from '../project/project.ts'
import type { ViewName } from '../project/view.ts'
import type { SqlParser } from '../sql/parser.ts'
import { stateIsReadable } from '../state/migrate.ts'
import { readPublications, type Publication } from '../state/publications.ts'
import type { State } from '../state/state.ts'
import { listFailedViews, listPastBuilds } from '../state/view-runs.ts'

/** Build times older than this tell little about the next one, in milliseconds. */
const memory = 90 * 24 * 3_600_000

export interface SituationInput {
  project: Project
  graph: Graph
  engine: Engine
  state: State
  parser: SqlParser
  now: Date
}

/** What the folder, the catalog and the state tables say when a run begins. Reads, and changes nothing. */
export async function readSituation(
  input: SituationInput,
): Promise<Situation & { publications: ReadonlyMap<ViewName, Publication> }> {
  const { project, engine, state, parser, now } = input
  const intervals = effectiveIntervals(project, input.graph)
  const views = [...project.views.values()]
  const live = await engine.inspect(views)
  const known = await readState(state, now)
  const states = new Map(
    views.map((view): [ViewName, ViewState] => {
      const relation = live.get(view.name)
      const publication = known.publications.get(view.name)
      const isPublished = relation !== undefined && relation.id === publication?.relation
      return [
        view.name,
        {
          live: relation === undefined ? 'missing' : isPublished ? 'published' : 'foreign',
          builtAt: isPublished ? publication.built_at : null,
          definition:
            publication === undefined
              ? null
              : { sql: publication.definition_sql, settings: publication.definition_settings },
          forced: publication?.forced ?? false,
          failed: known.failed.has(view.name),
          durations: known.durations.get(view.name) ?? [],
        },
      ]
    }),
  )
  return {
    project,
    intervals,
    definitions: new Map(views.map((view) => [view.name, describeDefinition(view, parser)])),
    states,
    now,
    previousRefresh: null,
    publications: known.publications,
  }
}

interface KnownState {
  publications: ReadonlyMap<ViewName, Publication>
  failed: ReadonlySet<ViewName>
  durations: ReadonlyMap<ViewName, readonly number[]>
}

async function readState(state: State, now: Date): Promise<KnownState> {
  if (!(await stateIsReadable(state)))
    return { publications: new Map(), failed: new Set(), durations: new Map() }
  const durations = new Map<ViewName, number[]>()
  for (const build of await listPastBuilds(state, new Date(now.getTime() - memory))) {
    const known = durations.get(build.view)
    if (known === undefined) durations.set(build.view, [build.build_duration])
    else known.push(build.build_duration)
  }
  return {
    publications: await readPublications(state),
    failed: new Set(await listFailedViews(state)),
    durations,
  }
}
