import type { World } from './world.ts'

/** By name, of the schema first: the view, and the method and predicate. */
export async function readIndexes(world: World): Promise<Record<string, string>> {
  const rows = await world.sql<{ name: string; definition: string }>(
    `select indexname as name, tablename || substring(indexdef from ' USING .*') as definition
     from pg_indexes where schemaname = 'first' order by 1`,
  )
  return Object.fromEntries(rows.map((row) => [row.name, row.definition]))
}

/** A name that is told apart by a hash. */
export const hashed = (name: string): RegExp => new RegExp(`^${name}_[0-9a-f]{8}$`)
