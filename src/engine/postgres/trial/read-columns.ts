import { parametersFor, relationsAt } from '../catalog/relations-at.ts'
import { formatAddress, type Address } from '../../../sql/identifiers.ts'
import type { Session } from '../connection/session.ts'
import type { Column } from '../../compare-columns.ts'

export interface RelationColumns {
  id: number
  /** The type of its rows, as the types of columns are printed; null: a sequence or an index. */
  rowType: string | null
  columns: readonly Column[]
}

/** By address as SQL; an address without a relation has no entry. */
export async function readColumns(
  session: Session,
  addresses: readonly Address[],
): Promise<ReadonlyMap<string, RelationColumns>> {
  const rows = await session.query<Address & Omit<RelationColumns, 'columns'> & { columns: Column[] | null }>(
    `select n.nspname::text as schema, c.relname::text as name, c.oid::bigint::float8 as id,
            format_type(nullif(c.reltype, 0), null) as "rowType", ${columnsOf('c.oid')} as columns
     from ${relationsAt}`,
    parametersFor(addresses),
  )
  return new Map(
    rows.map(({ id, rowType, columns, ...address }) => [
      formatAddress(address),
      { id, rowType, columns: columns ?? [] },
    ]),
  )
}

/** As SQL that prints JSON. @param id as SQL */
export const columnsOf = (id: string): string =>
  `(select json_agg(json_build_object('name', attname, 'type', format_type(atttypid, atttypmod)) order by attnum)
    from pg_attribute where attrelid = ${id} and attnum > 0 and not attisdropped)`

/**
 * Columns as they will be printed once they are live: the rows of a new version have their type beside it.
 * @param liveTypes by the types of the rows of new versions
 */
export const withTypes = (columns: readonly Column[], liveTypes: ReadonlyMap<string, string>): Column[] =>
  columns.map(({ name, type }) => {
    const [, row = type, array = ''] = /^([^]*?)((?:\[\])?)$/.exec(type) ?? []
    return { name, type: (liveTypes.get(row) ?? row) + array }
  })
