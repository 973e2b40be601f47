import { sql } from 'kysely'
import { DuroError } from '../errors.ts'
import type { State, StateDatabase } from './state.ts'

/**
 * Steps from one version of the state tables to the next. A step that was released is never changed.
 * Kysely's own migrator is not used: it relies on functions and on a lock that Redshift does not have.
 */
const migrations: ((db: StateDatabase) => Promise<void>)[] = [createTables]

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
      await step(inSchema)
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

/** Whether the tables are there and of this program's version: without them there is no history to read. */
export async function stateIsReadable(state: State): Promise<boolean> {
  if (!(await stateExists(state, 'select'))) return false
  const applied = await appliedVersion(state)
  refuseNewer(applied, state.schema)
  return applied === migrations.length
}

function refuseNewer(applied: number, schema: string): void {
  if (applied <= migrations.length) return
  throw new DuroError('preflight', `the tables in schema ${schema} were made by a newer duro`, {
    hint: 'Update duro on this machine.',
  })
}

/**
 * Whether the tables are there. A role that may not use them is told so, and not that there is no history: a plan
 * would take every view for somebody else's. (information_schema hides what the role may not read.)
 */
async function stateExists({ db, schema }: State, use: 'select' | 'insert'): Promise<boolean> {
  const found = await sql<{ allowed: boolean; role: string; remedy: string }>`
    select has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, ${use}) as allowed,
           current_user as role,
           'grant ' || quote_ident(pg_get_userbyid(c.relowner)) || ' to ' || quote_ident(current_user) as remedy
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = ${schema} and c.relname = 'migrations'`.execute(db)
  const [table] = found.rows
  if (table === undefined) return false
  if (!table.allowed) {
    throw new DuroError(
      'preflight',
      `the role ${table.role} may not ${use === 'select' ? 'read' : 'write'} duro's own tables, in the schema ${schema}`,
      { hint: `Connect as the role that runs duro there, or let an administrator run: ${table.remedy}` },
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

/** Times and ids come from the client: there is no default that both engines understand. */
async function createTables(db: StateDatabase): Promise<void> {
  await db.schema
    .createTable('runs')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('began_at', 'timestamptz', (column) => column.notNull())
    .addColumn('finished_at', 'timestamptz')
    .addColumn('command', 'text', (column) => column.notNull())
    .addColumn('outcome', 'text')
    .addColumn('host', 'text', (column) => column.notNull())
    .addColumn('user_name', 'text', (column) => column.notNull())
    .addColumn('version', 'text', (column) => column.notNull())
    .addColumn('git_commit', 'text')
    .addColumn('git_dirty', 'boolean')
    .addColumn('all_views', 'boolean', (column) => column.notNull())
    .addColumn('error', 'text')
    .addColumn('swap_attempts', 'integer')
    .addColumn('swap_locked_for', 'double precision')
    .addColumn('swap_waited_for', 'text')
    .execute()
  await db.schema
    .createTable('view_runs')
    .addColumn('run_id', 'text', (column) => column.notNull())
    .addColumn('run_began_at', 'timestamptz', (column) => column.notNull())
    .addColumn('view', 'text', (column) => column.notNull())
    .addColumn('reason', 'text', (column) => column.notNull())
    .addColumn('outcome', 'text')
    .addColumn('materialized', 'text', (column) => column.notNull())
    .addColumn('build_began_at', 'timestamptz')
    .addColumn('totals_duration', 'double precision')
    .addColumn('build_duration', 'double precision')
    .addColumn('test_duration', 'double precision')
    .addColumn('validate_duration', 'double precision')
    .addColumn('row_count', 'bigint')
    .addColumn('error', 'text')
    .addColumn('new_relation', 'bigint')
    .addColumn('storage', 'text')
    .addColumn('replaced_relation', 'bigint')
    .addColumn('definition_sql', 'text', (column) => column.notNull())
    .addColumn('definition_settings', 'text', (column) => column.notNull())
    .addColumn('declared', 'text')
    .addPrimaryKeyConstraint('view_runs_pkey', ['run_id', 'view'])
    .execute()
  // Every plan asks for the last builds of each view, whatever the length of the history.
  await db.schema.createIndex('view_runs_of_view').on('view_runs').columns(['view', 'run_began_at']).execute()
  await db.schema
    .createTable('totals')
    .addColumn('run_id', 'text', (column) => column.notNull())
    .addColumn('view', 'text', (column) => column.notNull())
    .addColumn('phase', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('value', 'text')
    .addPrimaryKeyConstraint('totals_pkey', ['run_id', 'view', 'phase', 'name'])
    .execute()
  await db.schema
    .createTable('views')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('run_id', 'text', (column) => column.notNull())
    .addColumn('materialized', 'text', (column) => column.notNull())
    .addColumn('built_at', 'timestamptz', (column) => column.notNull())
    .addColumn('relation', 'bigint', (column) => column.notNull())
    .addColumn('storage', 'text')
    .addColumn('definition_sql', 'text', (column) => column.notNull())
    .addColumn('definition_settings', 'text', (column) => column.notNull())
    .addColumn('declared', 'text', (column) => column.notNull())
    .addColumn('forced', 'boolean', (column) => column.notNull())
    .execute()
  await db.schema
    .createTable('relations')
    .addColumn('id', 'bigint', (column) => column.primaryKey())
    .addColumn('place', 'text', (column) => column.notNull())
    .addColumn('schema_name', 'text', (column) => column.notNull())
    .addColumn('relation_name', 'text', (column) => column.notNull())
    .addColumn('view', 'text', (column) => column.notNull())
    .addColumn('run_id', 'text', (column) => column.notNull())
    .execute()
  await db.schema
    .createTable('snapshots')
    .addColumn('view', 'text', (column) => column.notNull())
    .addColumn('run_id', 'text', (column) => column.notNull())
    .addColumn('taken_at', 'timestamptz', (column) => column.notNull())
    .addColumn('outcome', 'text')
    .addColumn('written_by', 'text')
    .addColumn('row_count', 'bigint')
    .addPrimaryKeyConstraint('snapshots_pkey', ['view', 'run_id'])
    .execute()
  await db.schema
    .createTable('history_tables')
    .addColumn('view', 'text', (column) => column.primaryKey())
    .addColumn('relation', 'bigint', (column) => column.notNull())
    .addColumn('schema_name', 'text', (column) => column.notNull())
    .addColumn('relation_name', 'text', (column) => column.notNull())
    .execute()
}
