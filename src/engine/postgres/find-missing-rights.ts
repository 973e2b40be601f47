import type { Problem } from '../../errors.ts'
import type { View } from '../../project/view.ts'
import { formatAddress } from '../../sql/identifiers.ts'
import { shadowSchema } from '../../sql/shadow-schema.ts'
import { mayBecome } from './catalog/capture-relations.ts'
import type { CapturedRelation } from './catalog/captured-relation.ts'
import { mayReferTo } from './catalog/may-refer-to.ts'
import { membershipRemedy } from './catalog/membership-remedy.ts'
import { lackOfSchemas } from './catalog/schemas-named.ts'
import type { Session } from './connection/session.ts'
import { addressOf } from './places.ts'
import { kindOf, relationKind } from './relation-kind.ts'

/**
 * Rights that the build or the swap would ask for only when all else is done: for what hangs on the live relations and
 * is made again, and for the schemas between which relations move.
 * @param live the relations under the names of the views
 */
export async function findMissingRights(
  session: Session,
  views: readonly View[],
  live: readonly CapturedRelation[],
): Promise<Problem[]> {
  const at = new Map(live.map((relation) => [formatAddress(relation), relation]))
  const pairs = views.flatMap((view) => {
    const relation = at.get(formatAddress(addressOf(view, 'live')))
    return relation === undefined ? [] : [{ view, relation }]
  })
  return [
    ...(await findClosedSchemas(session, views)),
    ...(await findClosedToOwners(session, pairs)),
    ...(await findUnmakeable(session, pairs)),
  ]
}

/** A view, and what is live under its name. */
interface Pair {
  view: View
  relation: CapturedRelation
}

const letRun = (remedy: string): string => `Let an administrator run: ${remedy}`

/** Each is named once, for whichever view comes first. */
async function findClosedSchemas(session: Session, views: readonly View[]): Promise<Problem[]> {
  const fileOf = new Map<string, string>()
  for (const view of views.toReversed()) {
    for (const schema of [view.schema, shadowSchema(view.schema, 'new'), shadowSchema(view.schema, 'old')])
      fileOf.set(schema, view.file.path)
  }
  const rows = await session.query<{ schema: string; quoted: string; role: string }>(
    `select nspname::text as schema, quote_ident(nspname) as quoted, quote_ident(current_user) as role
     from pg_namespace n
     where nspname = any($1)
       and not (has_schema_privilege(n.oid, 'usage') and has_schema_privilege(n.oid, 'create'))
     order by 1`,
    [[...fileOf.keys()]],
  )
  return rows.map(({ schema, quoted, role }) => ({
    file: fileOf.get(schema) ?? '',
    message: `duro may not move views out of the schema ${quoted} and into it`,
    hint: letRun(`grant usage, create on schema ${quoted} to ${role}`),
  }))
}

/**
 * A relation, or a statistics object, is given only to a role that may create where it stands. In the schemas of its own
 * duro sees to that.
 */
async function findClosedToOwners(session: Session, pairs: readonly Pair[]): Promise<Problem[]> {
  const owned = pairs.flatMap(({ view, relation }) => [
    { view, what: view.name, owner: relation.owner },
    ...relation.statistics.map(({ schema, name, owner }) => ({
      view,
      what: `statistics ${formatAddress({ schema, name })}`,
      owner,
    })),
  ])
  const rows = await session.query<{ at: number; owner: string; schema: string }>(
    `select at::integer, quote_ident(owner) as owner, quote_ident(n.nspname) as schema
     from unnest($1::text[], $2::text[]) with ordinality as given(owner, shadow, at)
     join pg_namespace n on n.nspname = shadow
     where not pg_has_role(n.nspowner, 'usage') and owner <> current_user
       and not (select rolsuper from pg_roles where rolname = current_user)
       and not has_schema_privilege(owner, n.oid, 'create')
     order by at`,
    [owned.map(({ owner }) => owner), owned.map(({ view }) => shadowSchema(view.schema, 'new'))],
  )
  return rows.flatMap(({ at, owner, schema }) => {
    const found = owned[at - 1]
    if (found === undefined) return []
    return [
      {
        file: found.view.file.path,
        message: `${found.what} belongs to ${owner}, who may not have a new version of it in ${schema}`,
        hint: letRun(`grant usage, create on schema ${schema} to ${owner}`),
      },
    ]
  })
}

interface Unmakeable {
  relation: number
  /** `publication changes`. */
  what: string
  because: string
  remedy: string
  /** Whether only a relation of the same kind gets it. */
  isOfKind: boolean
}

async function findUnmakeable(session: Session, pairs: readonly Pair[]): Promise<Problem[]> {
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
        hint: letRun(remedy),
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
    when not (pg_has_role(s.stxowner, 'usage') and ${mayBecome(version, 's.stxowner')}) then json_build_object(
      'because', format('it belongs to %I', pg_get_userbyid(s.stxowner)), 'remedy', ${membershipRemedy('s.stxowner')})
    when not (${mayUse('n.oid')} and has_schema_privilege(n.oid, 'create')) then json_build_object(
      'because', format('it lies in %I', n.nspname),
      'remedy', format('grant usage, create on schema %I to %I', n.nspname, current_user))
  end as lack, false as "isOfKind"
  from pg_statistic_ext s join pg_namespace n on n.oid = s.stxnamespace
  -- what lies beside the relation is said of the schema
  join pg_class c on c.oid = s.stxrelid
  where c.relnamespace <> n.oid or not pg_has_role(s.stxowner, 'usage') or not ${mayBecome(version, 's.stxowner')}
  union all
  select pr.prrelid, format('publication %I', p.pubname), case
    when not pg_has_role(p.pubowner, 'usage') then json_build_object(
      'because', format('it belongs to %I', pg_get_userbyid(p.pubowner)), 'remedy', ${membershipRemedy('p.pubowner')})
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
