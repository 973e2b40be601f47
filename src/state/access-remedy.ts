import { sql } from 'kysely'
import { quoteIdentifier } from '../sql/identifiers.ts'
import type { State } from './state.ts'

/** The role that duro connects as, and the one that made the tables. */
export interface Roles {
  role: string
  owner: string
  ownerIsSuperuser: boolean
}

/** What an administrator runs so that the role may use duro's own tables. Who writes them has to own them, too. */
export async function accessRemedy(
  state: Pick<State, 'db' | 'schema'>,
  use: 'select' | 'insert',
  { role, owner, ownerIsSuperuser }: Roles,
): Promise<string> {
  const [schema, user] = [state.schema, role].map(quoteIdentifier)
  if (use === 'select')
    return `grant usage on schema ${schema} to ${user}; grant select on all tables in schema ${schema} to ${user}`
  if (!ownerIsSuperuser) return `grant ${quoteIdentifier(owner)} to ${user}`
  // That would make it a superuser.
  const tables = await tablesOf(state)
  return [`schema ${schema}`, ...tables.map((table) => `table ${schema}.${quoteIdentifier(table)}`)]
    .map((what) => `alter ${what} owner to ${user}`)
    .join('; ')
}

async function tablesOf({ db, schema }: Pick<State, 'db' | 'schema'>): Promise<string[]> {
  const found = await sql<{ name: string }>`
    select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = ${schema} and c.relkind = 'r' order by c.relname`.execute(db)
  return found.rows.map(({ name }) => name)
}
