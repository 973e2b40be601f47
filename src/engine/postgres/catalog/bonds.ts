import type { ViewName } from '../../../project/view.ts'
import { type Address, formatAddress } from '../../../sql/identifiers.ts'
import type { Session } from '../connection/session.ts'
import { parametersFor, relationsAt } from './relations-at.ts'

/** A relation that is, or would be, that of a view. */
export interface NamedRelation {
  view: ViewName
  address: Address
}

/** One relation hangs on another: on itself, on the type of its rows, or on a constraint of it. */
export interface Bond {
  view: ViewName
  to: ViewName
  /** Whether it is only the type of its rows, or of arrays of them. */
  isType: boolean
  /** Whether it is only a table that has rows of the other as values: it can be pointed at other rows. */
  keepsRows: boolean
}

/** What relations hang on, directly and apart from themselves. */
export async function readBonds(
  session: Session,
  relations: readonly NamedRelation[],
  targets: readonly NamedRelation[],
): Promise<Bond[]> {
  if (relations.length === 0 || targets.length === 0) return []
  const ids = await readIds(session, [...relations, ...targets])
  const idOf = ({ address }: NamedRelation): number => ids.get(formatAddress(address)) ?? 0
  const byId = new Map(targets.map((target) => [idOf(target), target.view]))
  const parts = await session.query<Omit<Bond, 'to'> & { relation: number }>(
    `with relation as materialized (
       select c.oid, c.relkind, wanted.view
       from unnest($1::oid[], $2::text[]) as wanted(oid, view) join pg_class c on c.oid = wanted.oid
     ),
     part as (
       select 'pg_rewrite'::regclass as classid, r.oid as objid, view, false as is_column
       from relation join pg_rewrite r on r.ev_class = relation.oid
       union all select 'pg_class'::regclass, oid, view, relkind in ('r', 'p') from relation
     ),
     -- what is depended on, as the relation that it belongs to
     bond as (
       select part.view, part.is_column, d.refclassid = 'pg_type'::regclass as is_type,
              case d.refclassid
                when 'pg_class'::regclass then d.refobjid
                when 'pg_type'::regclass then (
                  select case when t.typrelid <> 0 then t.typrelid
                              else (select e.typrelid from pg_type e where e.oid = t.typelem) end
                  from pg_type t where t.oid = d.refobjid)
                when 'pg_constraint'::regclass then (select k.conrelid from pg_constraint k where k.oid = d.refobjid)
              end as relation
       from part join pg_depend d on d.classid = part.classid and d.objid = part.objid and d.deptype = 'n'
     )
     select view, relation::bigint::float8 as relation, bool_and(is_type) as "isType", bool_and(is_column) as "keepsRows"
     from bond where relation <> 0 group by view, bond.relation order by view, bond.relation`,
    [relations.map(idOf), relations.map(({ view }) => view)],
  )
  return parts.flatMap(({ relation, ...bond }) => {
    const to = byId.get(relation)
    return to === undefined ? [] : [{ ...bond, to }]
  })
}

/** By address as SQL. Of many relations the server guesses that there are few, and would compare each with each. */
async function readIds(
  session: Session,
  relations: readonly NamedRelation[],
): Promise<ReadonlyMap<string, number>> {
  const distinct = new Map(relations.map(({ address }) => [formatAddress(address), address]))
  const rows = await session.query<Address & { id: number }>(
    `select n.nspname::text as schema, c.relname::text as name, c.oid::bigint::float8 as id from ${relationsAt}`,
    parametersFor([...distinct.values()]),
  )
  return new Map(rows.map((row) => [formatAddress(row), row.id]))
}
