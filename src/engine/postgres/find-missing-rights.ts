import type { Problem } from '../../errors.ts'
import type { View } from '../../project/view.ts'
import { formatAddress } from '../../sql/identifiers.ts'
import { shadowSchema } from '../../sql/shadow-schema.ts'
import type { ObstacleProblem } from '../engine.ts'
import type { CapturedRelation } from './catalog/captured-relation.ts'
import type { Session } from './connection/session.ts'
import { findUnmakeable, letAdministratorRun, type Pair } from './find-unmakeable.ts'
import { addressOf } from './places.ts'
import { kindOf } from './relation-kind.ts'

/**
 * Rights that the build or the swap would ask for only when all else is done: for what hangs on the live relations and
 * is made again, and for the schemas between which relations move.
 * @param live the relations under the names of the views
 */
export async function findMissingRights(
  session: Session,
  views: readonly View[],
  live: readonly CapturedRelation[],
): Promise<ObstacleProblem[]> {
  const at = new Map(live.map((relation) => [formatAddress(relation), relation]))
  const pairs = views.flatMap((view) => {
    const relation = at.get(formatAddress(addressOf(view, 'live')))
    return relation === undefined ? [] : [{ view, relation }]
  })
  const problems = [
    ...(await findClosedSchemas(session, views)),
    ...(await findClosedToOthers(session, pairs)),
    ...(await findUnmakeable(session, pairs)),
  ]
  return problems.map((problem) => ({ ...problem, isMissingRight: true }))
}

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
    hint: letAdministratorRun(`grant usage, create on schema ${quoted} to ${role}`),
  }))
}

interface Need {
  view: View
  role: string
  privilege: 'create' | 'usage'
  /** What goes wrong without it. */
  because: (role: string, schema: string) => string
}

/**
 * A relation, or a statistics object, is given only to a role that may create where it stands; and who has passed on a
 * right does so again. In the schemas of its own duro sees to that.
 */
async function findClosedToOthers(session: Session, pairs: readonly Pair[]): Promise<Problem[]> {
  const needs = pairs.flatMap(({ view, relation }) => [
    ownerNeeds(view, view.name, relation.owner),
    ...(kindOf(view.settings.materialized) === 'view' ? [] : relation.statistics).map(
      ({ schema, name, owner }) => ownerNeeds(view, `statistics ${formatAddress({ schema, name })}`, owner),
    ),
    ...grantorsOf(relation).map((role) => grantorNeeds(view, role)),
  ])
  const rows = await session.query<{ at: number; role: string; schema: string }>(
    `select at::integer, quote_ident(role) as role, quote_ident(n.nspname) as schema
     from unnest($1::text[], $2::text[], $3::text[]) with ordinality as given(role, shadow, privilege, at)
     join pg_namespace n on n.nspname = shadow
     where not pg_has_role(n.nspowner, 'usage') and role <> current_user
       and not has_schema_privilege(role, n.oid, privilege)
     order by at`,
    [
      needs.map(({ role }) => role),
      needs.map(({ view }) => shadowSchema(view.schema, 'new')),
      needs.map(({ privilege }) => privilege),
    ],
  )
  return rows.flatMap(({ at, role, schema }) => {
    const need = needs[at - 1]
    if (need === undefined) return []
    const rights = need.privilege === 'create' ? 'usage, create' : 'usage'
    return [
      {
        file: need.view.file.path,
        message: need.because(role, schema),
        hint: letAdministratorRun(`grant ${rights} on schema ${schema} to ${role}`),
      },
    ]
  })
}

const ownerNeeds = (view: View, what: string, role: string): Need => ({
  view,
  role,
  privilege: 'create',
  because: (owner, schema) =>
    `${what} belongs to ${owner}, who may not have a new version of it in ${schema}`,
})

const grantorNeeds = (view: View, role: string): Need => ({
  view,
  role,
  privilege: 'usage',
  because: (grantor, schema) =>
    `${grantor} has granted something on ${view.name}, and may not do so on a new version in ${schema}`,
})

/** Those besides the owner in whose name something is granted again. */
const grantorsOf = ({ owner, grants, columns }: CapturedRelation): string[] => [
  ...new Set(
    [grants, ...columns.map((column) => column.grants)]
      .flatMap((list) => list ?? [])
      .map(({ grantor }) => grantor)
      .filter((grantor) => grantor !== owner),
  ),
]
