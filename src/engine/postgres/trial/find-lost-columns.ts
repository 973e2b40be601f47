import type { View } from '../../../project/view.ts'
import { formatAddress } from '../../../sql/identifiers.ts'
import { captureRelations } from '../catalog/capture-relations.ts'
import type { CapturedRelation } from '../catalog/captured-relation.ts'
import type { Dependent } from '../catalog/dependents.ts'
import type { Session } from '../connection/session.ts'
import { addressOf } from '../places.ts'
import { kindOf, relationKind } from '../relation-kind.ts'
import type { RelationColumns } from './read-columns.ts'

/** A view whose columns change. */
export interface Changed {
  view: View
  live: RelationColumns
  coming: RelationColumns
}

/**
 * What hangs on live versions and could not be made for new ones that lack a column. Views and kept rows are left out:
 * they are tried.
 * @returns complaints, by the object id of the live relation
 */
export async function findLostColumns(
  session: Session,
  changed: readonly Changed[],
  dependents: readonly Dependent[],
): Promise<ReadonlyMap<number, readonly string[]>> {
  const captured = await captureRelations(
    session,
    changed.map(({ view }) => addressOf(view, 'live')),
  )
  const relations = new Map(captured.map((relation) => [relation.id, relation]))
  return new Map(
    changed.map(({ view, live, coming }) => {
      const users = [
        ...ownUsers(view, relations.get(live.id)),
        ...dependents
          .filter(
            ({ relation, remedy, keeps }) => relation === live.id && remedy?.id === null && keeps === null,
          )
          .map(({ description, columns }) => ({ what: description, columns })),
      ]
      return [live.id, users.flatMap((user) => complaintOf(user, coming))]
    }),
  )
}

interface ColumnUser {
  what: string
  columns: readonly string[]
}

/** On a new version of another kind they are not made. */
function ownUsers(view: View, live: CapturedRelation | undefined): ColumnUser[] {
  if (live === undefined || relationKind(live.kind) !== kindOf(view.settings.materialized)) return []
  return live.objects.map(({ key, columns }) => ({ what: `${key} on ${formatAddress(live)}`, columns }))
}

function complaintOf({ what, columns }: ColumnUser, coming: RelationColumns): string[] {
  const lost = columns.filter((name) => !coming.columns.some((column) => column.name === name))
  return lost.length === 0 ? [] : [`${what} would break: it uses ${lost.join(', ')}`]
}
