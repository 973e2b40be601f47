import type { NamedView, ViewName } from '../../project/view.ts'
import { formatAddress } from '../../sql/identifiers.ts'
import type { LiveRelation } from '../engine.ts'
import { parametersFor, relationsAt } from './catalog/relations-at.ts'
import type { Session } from './connection/session.ts'
import { addressOf } from './places.ts'
import { relationKind } from './relation-kind.ts'

/** What stands under the views' names; a view without a relation has no entry. */
export async function inspect(
  session: Session,
  views: readonly NamedView[],
): Promise<ReadonlyMap<ViewName, LiveRelation>> {
  const rows = await session.query<{
    id: number
    schema: string
    name: string
    kind: string
    storage: string | null
    reachable: boolean
  }>(
    `select c.oid::bigint::float8 as id, n.nspname::text as schema, c.relname::text as name, c.relkind::text as kind,
            pg_relation_filenode(c.oid)::text || '/' || c.xmin::text as storage,
            has_schema_privilege(n.oid, 'usage') as reachable
     from ${relationsAt}`,
    parametersFor(views.map((view) => addressOf(view, 'live'))),
  )
  const found = new Map(rows.map((row) => [formatAddress(row), row]))
  return new Map(
    views.flatMap((view) => {
      const row = found.get(formatAddress(addressOf(view, 'live')))
      if (row === undefined) return []
      const { id, storage, reachable } = row
      return [[view.name, { id, kind: relationKind(row.kind) ?? 'other', storage, isReachable: reachable }]]
    }),
  )
}
