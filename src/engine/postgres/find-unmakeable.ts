import type { Problem } from '../../errors.ts'
import type { View } from '../../project/view.ts'
import type { CapturedRelation } from './catalog/captured-relation.ts'
import { mayGiveTo } from './catalog/may-become.ts'
import { mayReferTo } from './catalog/may-refer-to.ts'
import { ownershipRemedy } from './catalog/ownership-remedy.ts'
import { lackOfSchemas } from './catalog/lack-of-schemas.ts'
import type { Session } from './connection/session.ts'
import { kindOf, relationKind } from './relation-kind.ts'

/** A view, and what is live under its name. */
export interface Pair {
  view: View
  relation: CapturedRelation
}

export const letAdministratorRun = (statement: string): string => `Let an administrator run: ${statement}`

interface Unmakeable {
  relation: number
  /** `publication changes`. */
  what: string
  because: string
  remedy: string
  /** Whether only a relation of the same kind gets it. */
  isOfKind: boolean
}

/** What hangs on the live relations, and duro's role may not make again on the new ones. */
export async function findUnmakeable(session: Session, pairs: readonly Pair[]): Promise<Problem[]> {
  if (pairs.length === 0) return []
  const pairOf = new Map(pairs.map((pair) => [pair.relation.id, pair]))
  const rows = await session.query<Unmakeable>(unmakeableQuery(session.version), [[...pairOf.keys()]])
  return rows.flatMap(({ relation, what, because, remedy, isOfKind }) => {
    const pair = pairOf.get(relation)
    if (pair === undefined) return []
    const { view } = pair
    // It stays behind with what it is on.
    if (isOfKind && relationKind(pair.relation.kind) !== kindOf(view.settings.materialized)) return []
    return [
      {
        file: view.file.path,
        message: `duro may not make ${what} again for the new version of ${view.name}: ${because}`,
        hint: letAdministratorRun(remedy),
      },
    ]
  })
}

const mayUse = (schema: string): string => `has_schema_privilege(${schema}, 'usage')`

/** A statement, and before it the one that lets the role into the schema where it may not use that. */
const withUsage = (schema: string, grant: string): string =>
  `concat_ws('; ', case when not ${mayUse(schema)} then format('grant usage on schema %s to %I', ${schema}::regnamespace, current_user) end, ${grant})`

/** One row for each object: the first thing that is missing. */
const unmakeableQuery = (version: number): string => `
select relation::bigint::float8, what, lack->>'because' as because, lack->>'remedy' as remedy, "isOfKind"
from (
  select s.stxrelid as relation, format('statistics %I.%I', n.nspname, s.stxname) as what, case
    when not ${mayGiveTo(version, 's.stxowner')} then json_build_object(
      'because', format('it belongs to %I', pg_get_userbyid(s.stxowner)), 'remedy', ${ownershipRemedy('s.stxowner', "format('statistics %I.%I', n.nspname, s.stxname)")})
    when not (${mayUse('n.oid')} and has_schema_privilege(n.oid, 'create')) then json_build_object(
      'because', format('it lies in %I', n.nspname),
      'remedy', format('grant usage, create on schema %I to %I', n.nspname, current_user))
  end as lack, false as "isOfKind"
  from pg_statistic_ext s join pg_namespace n on n.oid = s.stxnamespace
  -- what lies beside the relation is said of the schema
  join pg_class c on c.oid = s.stxrelid
  where c.relnamespace <> n.oid or not ${mayGiveTo(version, 's.stxowner')}
  union all
  select pr.prrelid, format('publication %I', p.pubname), case
    when not pg_has_role(p.pubowner, 'usage') then json_build_object(
      'because', format('it belongs to %I', pg_get_userbyid(p.pubowner)), 'remedy', ${ownershipRemedy('p.pubowner', "format('publication %I', p.pubname)")})
  end, false
  from pg_publication_rel pr join pg_publication p on p.oid = pr.prpubid
  union all
  select k.conrelid, format('foreign key %I', k.conname), case
    when not (${mayUse('c.relnamespace')} and ${mayReferTo('c.oid', 'k.confkey')}) then json_build_object(
      'because', format('it refers to %s', c.oid::regclass),
      'remedy', ${withUsage('c.relnamespace', "format('grant references on %s to %I', c.oid::regclass, current_user)")})
  end, true
  from pg_constraint k join pg_class c on c.oid = k.confrelid
  where k.contype = 'f' and k.conparentid = 0
  union all
  select t.tgrelid, format('trigger %I', t.tgname), case
    when not (${mayUse('p.pronamespace')} and has_function_privilege(p.oid, 'execute')) then json_build_object(
      'because', format('it calls %s', p.oid::regprocedure),
      'remedy', ${withUsage('p.pronamespace', "format('grant execute on function %s to %I', p.oid::regprocedure, current_user)")})
    else ${lackOfSchemas('pg_trigger', 't.oid')}
  end, true
  from pg_trigger t join pg_proc p on p.oid = t.tgfoid where not t.tgisinternal
  union all
  select p.polrelid, format('policy %I', p.polname), ${lackOfSchemas('pg_policy', 'p.oid')}, true from pg_policy p
  union all
  select r.ev_class, format('rule %I', r.rulename), ${lackOfSchemas('pg_rewrite', 'r.oid')}, true
  from pg_rewrite r where r.rulename <> '_RETURN'
) as object
where relation = any($1::oid[]) and lack is not null
order by relation, what`
