import type { ViewName } from '../../../project/view.ts'
import type { Address } from '../../../sql/identifiers.ts'
import type { Session } from '../connection/session.ts'
import { parametersFor } from './relations-at.ts'

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
  return session.query<Bond & { [column: string]: unknown }>(
    `with relation as (${named(1)}), target as (${named(4)}),
     part as (
       select 'pg_rewrite'::regclass as classid, r.oid as objid, view, false as is_column
       from relation join pg_rewrite r on r.ev_class = relation.oid
       union all select 'pg_class'::regclass, oid, view, relkind in ('r', 'p') from relation
     ),
     aim as (
       select 'pg_class'::regclass as classid, oid as objid, view, false as is_type from target
       union all select 'pg_type'::regclass, reltype, view, true from target where reltype <> 0
       union all select 'pg_type'::regclass, t.typarray, view, true
       from target join pg_type t on t.oid = reltype where t.typarray <> 0
       union all select 'pg_constraint'::regclass, k.oid, view, false
       from target join pg_constraint k on k.conrelid = target.oid
     )
     select part.view, aim.view as "to", bool_and(is_type) as "isType", bool_and(is_column) as "keepsRows"
     from part
     join pg_depend d on d.classid = part.classid and d.objid = part.objid and d.deptype = 'n'
     join aim on aim.classid = d.refclassid and aim.objid = d.refobjid
     where part.objid <> aim.objid
     group by 1, 2 order by 1, 2`,
    [...parametersOf(relations), ...parametersOf(targets)],
  )
}

/** @param first the number of the first of three parameters */
const named = (first: number): string =>
  `select c.oid, c.relkind, c.reltype, wanted.view
   from unnest($${first}::text[], $${first + 1}::text[], $${first + 2}::text[]) as wanted(schema_name, relation_name, view)
   join pg_namespace n on n.nspname = wanted.schema_name
   join pg_class c on c.relnamespace = n.oid and c.relname = wanted.relation_name`

const parametersOf = (relations: readonly NamedRelation[]): string[][] => [
  ...parametersFor(relations.map(({ address }) => address)),
  relations.map(({ view }) => view),
]
