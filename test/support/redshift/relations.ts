import type { RedshiftWorld } from './redshift-world.ts'

/** Groups belong to the whole server: another test may have made them. */
export async function ensureGroups(world: Pick<RedshiftWorld, 'sql'>, ...names: string[]): Promise<void> {
  for (const name of names) {
    await world.sql(`create group ${name}`).catch((error: unknown) => {
      if (!String(error).includes('already exists')) throw error
    })
  }
}

/** Every table and view outside of the catalog and duro's own schema, as `schema.name`. */
export async function relationsOf(world: Pick<RedshiftWorld, 'sql'>): Promise<string[]> {
  const rows = await world.sql<{ schema: string; name: string }>(
    `select n.nspname as schema, c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'v') and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast', 'duro')
     order by 1, 2`,
  )
  return rows.map(({ schema, name }) => `${schema}.${name}`)
}

/** What duro has made and left beside the live versions. */
export const leftBy = async (world: Pick<RedshiftWorld, 'sql'>): Promise<string[]> =>
  (await relationsOf(world)).filter((name) => name.includes('__duro_'))

export async function idOf(
  world: Pick<RedshiftWorld, 'sql'>,
  schema: string,
  name: string,
): Promise<number | undefined> {
  const [row] = await world.sql<{ id: number }>(
    `select c.oid as id from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = '${schema}' and c.relname = '${name}'`,
  )
  return row?.id
}
