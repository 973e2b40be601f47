import { DuroError } from '../errors.ts'
import type { Graph } from '../graph/graph.ts'
import type { Plan } from '../plan/plan.ts'
import type { ViewName } from '../project/view.ts'

/** What became of a view in a stage. */
export type Outcome<T> =
  | { kind: 'done'; value: T }
  | { kind: 'failed'; error: Error }
  /** Not tried, since a view that it reads failed, or since the run stops. */
  | { kind: 'skipped'; because: ViewName }

export type Outcomes<T> = ReadonlyMap<ViewName, Outcome<T>>

export function failuresOf<T>(outcomes: Outcomes<T>): Map<ViewName, Error> {
  return new Map(
    [...outcomes].flatMap(([name, outcome]) => (outcome.kind === 'failed' ? [[name, outcome.error]] : [])),
  )
}

export function valuesOf<T>(outcomes: Outcomes<T>): Map<ViewName, T> {
  return new Map(
    [...outcomes].flatMap(([name, outcome]) => (outcome.kind === 'done' ? [[name, outcome.value]] : [])),
  )
}

/**
 * Which views may not be published when some failed. What was built on a new version that stays unpublished stays
 * unpublished with it; and so does what a view that stays as it is hangs on, as that version would be dropped.
 * @param hangsOn the views that the live relation of a view hangs on
 */
export function withheldBy(
  failed: Iterable<ViewName>,
  plan: Plan,
  graph: Graph,
  hangsOn: (name: ViewName) => Iterable<ViewName>,
): Set<ViewName> {
  const planned = new Set(plan.views.map((view) => view.name))
  const withheld = new Set<ViewName>()
  const open = [...failed]
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (withheld.has(name)) continue
    withheld.add(name)
    const readers = graph.downstream.get(name) ?? []
    for (const other of [...readers, ...hangsOn(name)]) if (planned.has(other)) open.push(other)
  }
  return withheld
}

/** One error for all of them: the first, where all say the same. */
export function summary(failed: ReadonlyMap<ViewName, Error>): Error {
  const [first] = failed.values()
  if (first !== undefined && [...failed.values()].every((error) => error.message === first.message))
    return first
  const code = first instanceof DuroError ? first.code : 'build'
  return new DuroError(code, `${failed.size} views failed: ${[...failed.keys()].join(', ')}`, {
    cause: first,
  })
}
