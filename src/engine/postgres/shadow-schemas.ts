import { SqlError } from '../../errors.ts'
import { quoteIdentifier } from '../../sql/identifiers.ts'
import { oldVersions } from './swap/find-room.ts'
import { shadowSchema, type ShadowVersion } from '../../sql/shadow-schema.ts'
import { errorCodeOf } from '../connection-loss.ts'
import type { Session } from './connection/session.ts'
import { beginningUse, endingUse } from './schema-use.ts'
import { commentStatement, parseSchemaMarker, schemaMarker } from './statements/marker.ts'

interface SchemaRow {
  name: string
  comment: string | null
  /** Who may use it, besides duro's own role; null stands for PUBLIC. */
  users: (string | null)[]
  /** Who may make relations in it, besides duro's own role. */
  makers: (string | null)[]
  /** Who owns relations in it, or statistics on them, besides duro's own role. */
  owners: string[]
  /** Whether duro's role may grant something on it. */
  isOwn: boolean
  isEmpty: boolean
}

/** Of the row `n` of pg_namespace. */
const holdersOf = (privilege: string): string => `array(
              select distinct case when item.grantee = 0 then null else pg_get_userbyid(item.grantee)::text end
              from aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) as item
              where item.privilege_type = '${privilege}' and item.grantee <> quote_ident(current_user)::regrole)`

async function readSchemas(session: Session, names: readonly string[]): Promise<Map<string, SchemaRow>> {
  const rows = await session.query<SchemaRow>(
    `select n.nspname::text as name,
            obj_description(n.oid, 'pg_namespace') as comment,
            ${holdersOf('USAGE')} as users,
            ${holdersOf('CREATE')} as makers,
            array(select distinct pg_get_userbyid(owner)::text
                  from pg_class c
                  cross join lateral (
                    select c.relowner union all select stxowner from pg_statistic_ext where stxrelid = c.oid) as of_it(owner)
                  where c.relnamespace = n.oid and c.relkind in ('m', 'r', 'v') and owner <> quote_ident(current_user)::regrole) as owners,
            pg_has_role(n.nspowner, 'usage') as "isOwn",
            not exists (select from pg_depend d
                        where d.refclassid = 'pg_namespace'::regclass and d.refobjid = n.oid and d.deptype = 'n') as "isEmpty"
     from pg_namespace n where n.nspname = any($1)`,
    [names],
  )
  return new Map(rows.map((row) => [row.name, row]))
}

/**
 * Makes the schemas of views that are not there, and the schemas in which their new and old versions live. A REFRESH
 * runs with the rights of the view's owner, so who may use a schema may use its shadows.
 * @returns the schemas of views that were made
 */
export async function makeSchemas(
  session: Session,
  schemas: readonly string[],
  shadowsOf = (schema: string): string[] => [shadowSchema(schema, 'new'), shadowSchema(schema, 'old')],
): Promise<string[]> {
  return beginningUse(session, schemas, () => makeMissing(session, schemas, shadowsOf))
}

async function makeMissing(
  session: Session,
  schemas: readonly string[],
  shadowsOf: (schema: string) => string[],
): Promise<string[]> {
  const statements: string[] = []
  const present = await readSchemas(session, [...schemas, ...schemas.flatMap(shadowsOf)])
  const made = schemas.filter((schema) => !present.has(schema))
  statements.push(...made.map((schema) => `create schema ${quoteIdentifier(schema)}`))
  for (const schema of schemas) {
    for (const shadow of shadowsOf(schema)) {
      const there = present.get(shadow)
      const name = quoteIdentifier(shadow)
      if (there === undefined)
        statements.push(`create schema ${name}`, commentStatement('schema', name, schemaMarker))
      if (there?.isOwn !== false) statements.push(...grantsFor(name, present.get(schema), there))
    }
  }
  if (statements.length > 0) await runOrExplain(session, statements)
  return made
}

/** What the schema of views gives to others, and its shadow does not yet. @param name of the shadow, quoted */
function grantsFor(name: string, live: SchemaRow | undefined, there: SchemaRow | undefined): string[] {
  if (live === undefined) return []
  const users = live.users.filter((user) => there?.users.includes(user) !== true)
  // A relation is given only to a role that may create where it stands.
  const makers = live.owners.filter((owner) => there?.makers.includes(owner) !== true)
  return [
    ...users.map(
      (user) => `grant usage on schema ${name} to ${user === null ? 'public' : quoteIdentifier(user)}`,
    ),
    ...makers.map((owner) => `grant usage, create on schema ${name} to ${quoteIdentifier(owner)}`),
  ]
}

async function runOrExplain(session: Session, statements: readonly string[]): Promise<void> {
  // Asked before: in a transaction, such as that of a trial, nothing can be asked after the failure.
  const [row] = await session.query<{ role: string }>('select quote_ident(current_user) as role')
  try {
    await session.query(statements.join(';\n'))
  } catch (error) {
    if (errorCodeOf(error) !== '42501') throw error
    throw new SqlError(
      'preflight',
      'the role that duro connects as may not create the schemas that it needs',
      {
        sqlState: '42501',
        hint: `Grant it CREATE on the database, or let an administrator run once:\n${forAdministrator(statements, row?.role ?? '')}`,
        cause: error,
      },
    )
  }
}

/** Without the mark, so that they stay when they are empty; and with what duro's role needs in schemas not its own. */
function forAdministrator(statements: readonly string[], role: string): string {
  const own = statements
    .filter((statement) => !statement.startsWith('comment'))
    .flatMap((statement) => {
      const schema = /^create schema (.+)$/s.exec(statement)?.[1]
      return schema === undefined
        ? [statement]
        : [statement, `grant usage, create on schema ${schema} to ${role}`]
    })
  return `${own.join(';\n')};`
}

/** Those that duro made, that hold nothing any more and that no other run uses; an administrator's stay. */
export const dropEmptyShadowSchemas = (session: Session, schemas: readonly string[]): Promise<void> =>
  endingUse(session, schemas, (unused) => dropEmpty(session, unused))

async function dropEmpty(session: Session, schemas: readonly string[]): Promise<void> {
  const versions: readonly ShadowVersion[] = ['new', ...oldVersions]
  const shadows = schemas.flatMap((schema) => versions.map((version) => shadowSchema(schema, version)))
  const present = await readSchemas(session, shadows)
  for (const { name, comment, isEmpty } of present.values()) {
    // Before the server refuses to drop one that is not, it waits for who reads what is in it.
    if (!parseSchemaMarker(comment) || !isEmpty) continue
    try {
      await session.query(`drop schema ${quoteIdentifier(name)}`)
    } catch (error) {
      const stillUsed = ['2BP01', '42501']
      if (!stillUsed.includes(errorCodeOf(error) ?? '')) throw error
    }
  }
}
