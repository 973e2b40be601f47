import { sql } from 'kysely'
import { DuroError } from '../errors.ts'
import type { EngineName } from '../sql/engine-name.ts'
import { accessRemedy, type Roles } from './access-remedy.ts'
import { addAggregates } from './add-aggregates.ts'
import { addFollowUps } from './add-follow-ups.ts'
import { addLoosened } from './add-loosened.ts'
import { createTables } from './create-tables.ts'
import type { State, StateDatabase } from './state.ts'

/**
 * Steps from one version of the state tables to the next. A step that was released is never changed.
 * Kysely's own migrator is not used: it relies on functions and on a lock that Redshift does not have.
 */
const migrations: ((db: StateDatabase, engine: EngineName) => Promise<void>)[] = [
  createTables,
  addAggregates,
  addFollowUps,
  addLoosened,
]

/** Brings the state tables to the version of this program. The caller holds the run lock. */
export async function migrate(state: State): Promise<void> {
  const { db, schema } = state
  if (!(await stateExists(state, 'insert'))) {
    await createStateSchema(state)
    await db.schema
      .createTable('migrations')
      .ifNotExists()
      .addColumn('version', 'integer', (column) => column.notNull())
      .execute()
  }
  const applied = await appliedVersion(state)
  refuseNewer(applied, schema)
  for (const [index, step] of migrations.entries()) {
    if (index < applied) continue
    await db.transaction().execute(async (transaction) => {
      const inSchema = transaction.withSchema(schema)
      await step(inSchema, state.engine)
      await inSchema
        .insertInto('migrations')
        .values({ version: index + 1 })
        .execute()
    })
  }
}

/** Looked for before: `if not exists` asks for the right to create also where nothing has to be created. */
async function createStateSchema({ db, schema }: State): Promise<void> {
  const found = await sql`select 1 from pg_namespace where nspname = ${schema}`.execute(db)
  if (found.rows.length > 0) return
  try {
    await db.schema.createSchema(schema).execute()
  } catch (error) {
    throw new DuroError('preflight', `the schema ${schema}, for duro's own tables, could not be created`, {
      hint: `Let an administrator run: create schema ${schema} authorization <the role that duro connects as>`,
      cause: error,
    })
  }
}

/** Whether the tables are there: without them there is no history to read. @throws DuroError where they are of another version */
export async function stateIsReadable(state: State): Promise<boolean> {
  if (!(await stateExists(state, 'select'))) return false
  const applied = await appliedVersion(state)
  refuseNewer(applied, state.schema)
  if (applied > 0 && applied < migrations.length) {
    throw new DuroError('preflight', `the tables in schema ${state.schema} were made by an older duro`, {
      hint: '`duro refresh` brings them up to date.',
    })
  }
  return applied > 0
}

function refuseNewer(applied: number, schema: string): void {
  if (applied <= migrations.length) return
  throw new DuroError('preflight', `the tables in schema ${schema} were made by a newer duro`, {
    hint: 'Update duro on this machine.',
  })
}

/** Whether the owner `c.relowner` is a superuser, or may become one by a membership, which Redshift's users have none of. */
const actsAsSuperuser = (engine: EngineName) =>
  engine === 'postgres'
    ? sql<boolean>`exists (select 1 from pg_roles s where s.rolsuper and pg_has_role(c.relowner, s.oid, 'member'))`
    : sql<boolean>`exists (select 1 from pg_user where usesysid = c.relowner and usesuper)`

/**
 * Whether the tables are there. A role that may not use them is told so, and not that there is no history: a plan
 * would take every view for somebody else's. (information_schema hides what the role may not read.)
 */
async function stateExists(state: State, use: 'select' | 'insert'): Promise<boolean> {
  const { db, schema } = state
  const found = await sql<Roles & { allowed: boolean }>`
    select has_schema_privilege(n.nspname, 'usage')
             and has_table_privilege(quote_ident(n.nspname) || '.' || quote_ident(c.relname), ${use}) as allowed,
           current_user as role, pg_get_userbyid(c.relowner) as owner,
           ${actsAsSuperuser(state.engine)} as "ownerIsSuperuser"
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = ${schema} and c.relname = 'migrations'`.execute(db)
  const [table] = found.rows
  if (table === undefined) return false
  if (!table.allowed) {
    throw new DuroError(
      'preflight',
      `the role ${table.role} may not ${use === 'select' ? 'read' : 'write'} duro's own tables, in the schema ${schema}`,
      {
        hint: `Connect as the role that runs duro there, or let an administrator run: ${await accessRemedy(state, use, table)}`,
      },
    )
  }
  return true
}

async function appliedVersion({ db }: State): Promise<number> {
  const row = await db
    .selectFrom('migrations')
    .select((expression) => expression.fn.max('version').as('version'))
    .executeTakeFirst()
  return row?.version ?? 0
}
