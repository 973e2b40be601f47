import { parametersFor, relationsAt } from '../catalog/relations-at.ts'
import { formatAddress, type Address } from '../../../sql/identifiers.ts'
import type { Session } from '../connection/session.ts'
import type { Column } from '../../compare-columns.ts'

export interface RelationColumns {
  id: number
  columns: readonly Column[]
}

/** By address as SQL; an address without a relation has no entry. */
export async function readColumns(
  session: Session,
  addresses: readonly Address[],
): Promise<ReadonlyMap<string, RelationColumns>> {
  const rows = await session.query<{ schema: string; name: string; id: number; columns: Column[] | null }>(
    `select n.nspname::text as schema, c.relname::text as name, c.oid::bigint::float8 as id,
            ${columnsOf('c.oid')} as columns
     from ${relationsAt}`,
    parametersFor(addresses),
  )
  return new Map(rows.map((row) => [formatAddress(row), { id: row.id, columns: row.columns ?? [] }]))
}

/** As SQL that prints JSON. @param id as SQL */
export const columnsOf = (id: string): string =>
  `(select json_agg(json_build_object('name', attname, 'type', format_type(atttypid, atttypmod)) order by attnum)
    from pg_attribute where attrelid = ${id} and attnum > 0 and not attisdropped)`
