import type { Engine, Leftover } from '../engine/engine.ts'
import type { Graph } from '../graph/graph.ts'
import type { Situation } from '../plan/assess-views.ts'
import { describeDefinition } from '../plan/definition.ts'
import { REMEMBERED } from '../plan/expected-durations.ts'
import { effectiveIntervals } from '../plan/intervals.ts'
import { questionsFingerprint, readDefinition } from '../plan/stored-definition.ts'
import type { Definition, ViewState } from '../plan/plan.ts'
import type { Project } from '../project/project.ts'
import { noBonds } from '../project/bonds.ts'
import type { NamedView, ViewName } from '../project/view.ts'
import { stateIsReadable } from '../state/migrate.ts'
import { readPublications, type Publication } from '../state/publications.ts'
import type { State } from '../state/state.ts'
import { listRelations } from '../state/relations.ts'
import { leftoverOf } from './leftover-of.ts'
import { findLastRefreshOfAll } from '../state/runs.ts'
import { readPastRuns, type PastRuns } from '../state/past-runs.ts'

export interface SituationInput {
  project: Project
  graph: Graph
  engine: Engine
  state: State
  now: Date
}

/** What the folder, the catalog and the state tables say when a run begins. Reads, and changes nothing. */
export async function readSituation(
  input: SituationInput,
): Promise<Situation & Pick<KnownState, 'publications' | 'leftovers'>> {
  const { project, engine, state, now } = input
  const intervals = effectiveIntervals(project, input.graph)
  const views = [...project.views.values()]
  // The catalog and the state tables have a connection each.
  const [{ live, bonds }, known] = await Promise.all([
    readCatalog(engine, views),
    readState(state, [...project.views.keys()], now),
  ])
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
              : readDefinition({
                  sql: publication.definition_sql,
                  settings: publication.definition_settings,
                }),
          bonds: bonds === null ? null : (bonds.get(view.name) ?? noBonds),
          forced: publication?.forced ?? false,
          failed: known.past.get(view.name)?.failed ?? false,
          usualDuration: known.past.get(view.name)?.usualDuration ?? null,
        },
      ]
    }),
  )
  return {
    project,
    intervals,
    definitions: new Map(
      views.map((view) => [
        view.name,
        { ...fitted(describeDefinition(view, project), state), questions: questionsFingerprint(view) },
      ]),
    ),
    states,
    now,
    previousRefresh: known.previousRefresh,
    publications: known.publications,
    leftovers: known.leftovers,
  }
}

async function readCatalog(engine: Engine, views: readonly NamedView[]) {
  const live = await engine.inspect(views)
  return { live, bonds: await engine.bonds(live) }
}

/** What is compared has to be what can be kept. */
const fitted = ({ sql, settings }: Definition, { fit }: State): Definition => ({
  sql: fit(sql),
  settings: fit(settings),
})

interface KnownState {
  publications: ReadonlyMap<ViewName, Publication>
  past: ReadonlyMap<ViewName, PastRuns>
  previousRefresh: Date | null
  leftovers: readonly Leftover[]
}

async function readState(state: State, names: readonly ViewName[], now: Date): Promise<KnownState> {
  if (!(await stateIsReadable(state)))
    return { publications: new Map(), past: new Map(), previousRefresh: null, leftovers: [] }
  return {
    publications: await readPublications(state),
    past: await readPastRuns(state, names, REMEMBERED),
    previousRefresh: await findLastRefreshOfAll(state, now),
    leftovers: (await listRelations(state)).map(leftoverOf),
  }
}
