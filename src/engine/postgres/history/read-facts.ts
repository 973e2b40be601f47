import { parametersFor, relationsAt } from '../catalog/relations-at.ts'
import { formatAddress, type Address } from '../../../sql/identifiers.ts'
import { captureRelations } from '../catalog/capture-relations.ts'
import type { CapturedRelation } from '../catalog/captured-relation.ts'
import { readDefaultGrants, type DefaultGrants } from '../catalog/default-grants.ts'
import type { Session } from '../connection/session.ts'
import { withQualifiedNames } from '../connection/transaction.ts'

export interface HistoryColumn {
  name: string
  /** With its schema where that is needed; of a domain the type below, whose checks are for new rows only. */
  type: string
  /** Quoted, where it is not the type's own. */
  collation: string | null
  /** It holds rows of a relation, and would be bound to that. */
  ofRelation: boolean
}

export interface TableFacts {
  id: number
  /** `pg_class.relkind`. */
  kind: string
  /** As the last vacuum or analyze has seen it; to ask for more would wait for whoever has locked it. */
  bytes: number
  columns: readonly HistoryColumn[]
}

/** What the catalog says of a view and its history table. */
export interface HistoryFacts {
  /** Null: nothing is live. */
  live: { relation: CapturedRelation; columns: readonly HistoryColumn[] } | null
  /** Null: nothing stands under its name. */
  table: TableFacts | null
  defaults: DefaultGrants
}

export async function readHistoryFacts(
  session: Session,
  live: Address,
  table: Address,
): Promise<HistoryFacts> {
  const defaults = await readDefaultGrants(session)
  return withQualifiedNames(session, async () => {
    const [relation] = await captureRelations(session, [live])
    const found = await readTables(session, [live, table])
    const columns = found.get(formatAddress(live))?.columns ?? []
    return {
      live: relation === undefined ? null : { relation, columns },
      table: found.get(formatAddress(table)) ?? null,
      defaults,
    }
  })
}

/** By address as SQL. Names have their schemas where the search path is empty. */
export async function readTables(
  session: Session,
  addresses: readonly Address[],
): Promise<ReadonlyMap<string, TableFacts>> {
  const rows = await session.query<TableFacts & { schema: string; name: string }>(
    tablesQuery,
    parametersFor(addresses),
  )
  return new Map(rows.map((row) => [formatAddress(row), row]))
}

const tablesQuery = `
select c.oid::bigint::float8 as id, n.nspname::text as schema, c.relname::text as name, c.relkind::text as kind,
       c.relpages::float8 * current_setting('block_size')::integer as bytes,
       (select coalesce(json_agg(json_build_object(
          'name', a.attname,
          'type', (
            with recursive below(id, modifier) as (
              select a.atttypid, a.atttypmod
              union all
              select d.typbasetype, d.typtypmod from below join pg_type d on d.oid = below.id where d.typtype = 'd')
            select format_type(below.id, below.modifier)
            from below join pg_type b on b.oid = below.id where b.typtype <> 'd'),
          'collation', (
            select format('%I.%I', cn.nspname, co.collname)
            from pg_collation co join pg_namespace cn on cn.oid = co.collnamespace
            where co.oid = a.attcollation and a.attcollation <> t.typcollation),
          'ofRelation', coalesce(r.relkind <> 'c', false)
        ) order by a.attnum), '[]'::json)
        from pg_attribute a
        join pg_type t on t.oid = a.atttypid
        left join pg_type e on e.oid = t.typelem and t.typcategory = 'A'
        left join pg_class r on r.oid = coalesce(nullif(t.typrelid, 0), e.typrelid)
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns
from ${relationsAt}`
