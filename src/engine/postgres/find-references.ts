import type { Problem } from '../../errors.ts'
import type { View } from '../../project/view.ts'
import { formatAddress } from '../../sql/identifiers.ts'
import type { CapturedRelation } from './catalog/captured-relation.ts'
import type { Session } from './connection/session.ts'
import { addressOf } from './places.ts'
import { kindOf, relationKind } from './relation-kind.ts'

/**
 * Foreign keys that refer to a table which becomes something else: the swap would find out when it makes them again.
 * Those of tables that become something else themselves are lost with them.
 */
export async function findReferences(
  session: Session,
  views: readonly View[],
  live: readonly CapturedRelation[],
): Promise<Problem[]> {
  const tables = new Map(
    live.filter(({ kind }) => relationKind(kind) === 'table').map((each) => [formatAddress(each), each.id]),
  )
  const changing = new Map(
    views.flatMap((view) => {
      const id = tables.get(formatAddress(addressOf(view, 'live')))
      return id === undefined || kindOf(view.settings.materialized) === 'table' ? [] : [[id, view] as const]
    }),
  )
  if (changing.size === 0) return []
  const rows = await session.query<{ table: number; description: string }>(
    `select k.confrelid::bigint::float8 as table, pg_describe_object('pg_constraint'::regclass, k.oid, 0) as description
     from pg_constraint k
     where k.contype = 'f' and k.conparentid = 0 and k.confrelid = any($1::oid[]) and k.conrelid <> all($1::oid[])
     order by 2`,
    [[...changing.keys()]],
  )
  return rows.flatMap(({ table, description }) => {
    const view = changing.get(table)
    if (view === undefined) return []
    return [
      {
        file: view.file.path,
        message: `${description} refers to ${view.name}, which becomes a ${kindOf(view.settings.materialized)}: only a table can be referred to`,
        hint: 'Drop it first, or keep `materialized: table`.',
      },
    ]
  })
}
