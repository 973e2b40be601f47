import type { ViewName } from '../../../project/view.ts'
import type { Address } from '../../../sql/identifiers.ts'
import type { SqlParser } from '../../../sql/parser.ts'
import { compareColumns, describeChange } from '../../compare-columns.ts'
import type { Trial, TrialOptions } from '../../engine.ts'
import { captureRelations } from '../catalog/capture-relations.ts'
import { readDependents, type Dependent } from '../catalog/dependents.ts'
import { findOwnVersions } from '../catalog/find-leftovers.ts'
import type { Session } from '../connection/session.ts'
import { addressOf } from '../places.ts'
import { kindOf, relationKind } from '../relation-kind.ts'
import type { Changed } from './changed.ts'
import { findLostColumns } from './find-lost-columns.ts'
import { readColumns } from './read-columns.ts'
import type { Versions } from './read-versions.ts'
import { tryKeys } from './try-keys.ts'
import { tryRetyped } from './try-retyped.ts'
import { tryDependents } from './try-dependents.ts'

export type Consequences = Pick<Trial, 'changes' | 'broken'>

interface ConsequenceOptions extends Pick<TrialOptions, 'planned' | 'leftovers'> {
  parser: SqlParser
  /** The new relations, by the name of their view. */
  made: ReadonlyMap<ViewName, Address>
}

/** How the columns of each view change, and what cannot follow. The session's search path must be empty. */
export async function findConsequences(
  session: Session,
  versions: readonly Versions[],
  { planned, leftovers, parser, made }: ConsequenceOptions,
): Promise<ReadonlyMap<ViewName, Consequences>> {
  const changed = await findChanged(session, versions)
  const dependents = await readOthers(session, changed, { planned, leftovers })
  const broken = await tryDependents(session, dependents, made, parser)
  const lost = new Map<number, string[]>()
  for (const each of changed) {
    lost.set(each.live.id, [...findLostColumns(each, dependents), ...(await tryRetyped(session, each))])
  }
  const keys = await tryKeys(session, versions)
  return new Map(
    versions.map(({ view, live, published }) => {
      const [id, before] = live === null ? [0, null] : [live.id, live.columns]
      return [
        view.name,
        {
          // By the names that types have once they are live; for what depends on them they are others all the same.
          changes:
            before === null || published === null
              ? []
              : compareColumns(before, published).map(describeChange),
          broken: [
            ...(broken.get(id) ?? []).map((complaint) => `${complaint} (it depends on ${view.name})`),
            ...(lost.get(id) ?? []),
            ...(keys.get(id) ?? []),
          ],
        },
      ]
    }),
  )
}

async function findChanged(session: Session, versions: readonly Versions[]): Promise<Changed[]> {
  const changed = versions.flatMap(({ view, live, coming }) =>
    live === null || coming === null || compareColumns(live.columns, coming.columns).length === 0
      ? []
      : [{ view, live, coming }],
  )
  const captured = await captureRelations(
    session,
    changed.map(({ view }) => addressOf(view, 'live')),
  )
  const byId = new Map(captured.map((relation) => [relation.id, relation]))
  return changed.map(({ view, live, coming }) => {
    const relation = byId.get(live.id)
    const isAlike =
      relation !== undefined && relationKind(relation.kind) === kindOf(view.settings.materialized)
    return { view, live, coming, alike: isAlike ? relation : null }
  })
}

/** What depends on them and is not another view of the run, whose own it is to say. */
async function readOthers(
  session: Session,
  changed: readonly Changed[],
  { planned, leftovers }: Pick<TrialOptions, 'planned' | 'leftovers'>,
): Promise<Dependent[]> {
  if (changed.length === 0) return []
  const members = await readColumns(
    session,
    planned.map((view) => addressOf(view, 'live')),
  )
  const ids = new Set([...members.values()].map(({ id }) => id))
  const dependents = await readDependents(
    session,
    changed.map(({ live }) => live.id),
    await findOwnVersions(session, leftovers),
  )
  return dependents.filter(({ remedy, keeps }) => !ids.has(keeps?.id ?? remedy?.id ?? 0))
}
