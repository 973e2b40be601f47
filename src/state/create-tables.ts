import { sql, type RawBuilder } from 'kysely'
import type { EngineName } from '../sql/engine-name.ts'
import { longestText } from './fit-text.ts'
import type { StateDatabase } from './state.ts'

/** For names and ids, and for texts of any length. On Redshift `text` holds no more than 256 bytes. */
export const columnTypes: Record<
  EngineName,
  { name: 'text' | RawBuilder<unknown>; text: 'text' | RawBuilder<unknown> }
> = {
  postgres: { name: 'text', text: 'text' },
  redshift: { name: sql`varchar(600)`, text: sql.raw(`varchar(${longestText})`) },
}

/**
 * Times and ids come from the client: there is no default that both engines understand. Redshift takes the keys as a
 * hint and enforces none.
 */
export async function createTables(db: StateDatabase, engine: EngineName): Promise<void> {
  const { name, text } = columnTypes[engine]
  await db.schema
    .createTable('runs')
    .addColumn('id', name, (column) => column.primaryKey())
    .addColumn('began_at', 'timestamptz', (column) => column.notNull())
    .addColumn('finished_at', 'timestamptz')
    .addColumn('command', text, (column) => column.notNull())
    .addColumn('outcome', name)
    .addColumn('host', name, (column) => column.notNull())
    .addColumn('user_name', name, (column) => column.notNull())
    .addColumn('version', name, (column) => column.notNull())
    .addColumn('git_commit', name)
    .addColumn('git_dirty', 'boolean')
    .addColumn('all_views', 'boolean', (column) => column.notNull())
    .addColumn('error', text)
    .addColumn('swap_attempts', 'integer')
    .addColumn('swap_locked_for', 'double precision')
    .addColumn('swap_waited_for', text)
    .execute()
  await db.schema
    .createTable('view_runs')
    .addColumn('run_id', name, (column) => column.notNull())
    .addColumn('run_began_at', 'timestamptz', (column) => column.notNull())
    .addColumn('view', name, (column) => column.notNull())
    .addColumn('reason', text, (column) => column.notNull())
    .addColumn('outcome', name)
    .addColumn('materialized', name, (column) => column.notNull())
    .addColumn('build_began_at', 'timestamptz')
    .addColumn('totals_duration', 'double precision')
    .addColumn('build_duration', 'double precision')
    .addColumn('test_duration', 'double precision')
    .addColumn('row_count', 'bigint')
    .addColumn('error', text)
    .addColumn('new_relation', 'bigint')
    .addColumn('storage', name)
    .addColumn('replaced_relation', 'bigint')
    .addColumn('definition_sql', text, (column) => column.notNull())
    .addColumn('definition_settings', text, (column) => column.notNull())
    .addColumn('declared', text)
    .addPrimaryKeyConstraint('view_runs_pkey', ['run_id', 'view'])
    .execute()
  if (engine === 'postgres') {
    // Every plan asks for the last builds of each view, whatever the length of the history.
    await db.schema
      .createIndex('view_runs_of_view')
      .on('view_runs')
      .columns(['view', 'run_began_at'])
      .execute()
  }
  await db.schema
    .createTable('totals')
    .addColumn('run_id', name, (column) => column.notNull())
    .addColumn('view', name, (column) => column.notNull())
    .addColumn('phase', name, (column) => column.notNull())
    .addColumn('name', name, (column) => column.notNull())
    .addColumn('value', text)
    .addPrimaryKeyConstraint('totals_pkey', ['run_id', 'view', 'phase', 'name'])
    .execute()
  await db.schema
    .createTable('views')
    .addColumn('name', name, (column) => column.primaryKey())
    .addColumn('run_id', name, (column) => column.notNull())
    .addColumn('materialized', name, (column) => column.notNull())
    .addColumn('built_at', 'timestamptz', (column) => column.notNull())
    .addColumn('relation', 'bigint', (column) => column.notNull())
    .addColumn('storage', name)
    .addColumn('definition_sql', text, (column) => column.notNull())
    .addColumn('definition_settings', text, (column) => column.notNull())
    .addColumn('declared', text, (column) => column.notNull())
    .addColumn('forced', 'boolean', (column) => column.notNull())
    .execute()
  await db.schema
    .createTable('relations')
    .addColumn('id', 'bigint', (column) => column.primaryKey())
    .addColumn('place', name, (column) => column.notNull())
    .addColumn('schema_name', name, (column) => column.notNull())
    .addColumn('relation_name', name, (column) => column.notNull())
    .addColumn('view', name, (column) => column.notNull())
    .addColumn('run_id', name, (column) => column.notNull())
    .execute()
  await db.schema
    .createTable('snapshots')
    .addColumn('view', name, (column) => column.notNull())
    .addColumn('run_id', name, (column) => column.notNull())
    .addColumn('taken_at', 'timestamptz', (column) => column.notNull())
    .addColumn('outcome', name)
    .addColumn('written_by', name)
    .addColumn('row_count', 'bigint')
    .addPrimaryKeyConstraint('snapshots_pkey', ['view', 'run_id'])
    .execute()
  await db.schema
    .createTable('history_tables')
    .addColumn('view', name, (column) => column.primaryKey())
    .addColumn('relation', 'bigint', (column) => column.notNull())
    .addColumn('schema_name', name, (column) => column.notNull())
    .addColumn('relation_name', name, (column) => column.notNull())
    .execute()
}
