import { idOf } from './relations.ts'
import type { RedshiftWorld } from './redshift-world.ts'

/** Who may read a relation, but for its owner. */
export async function granted(
  world: Pick<RedshiftWorld, 'sql'>,
  schema: string,
  name: string,
): Promise<string[]> {
  const rows = await world.sql<{ kind: string; name: string }>(
    `select p.identity_type as kind, p.identity_name as name from svv_relation_privileges p
     where p.namespace_name = '${schema}' and p.relation_name = '${name}' and lower(p.privilege_type) = 'select'
       and p.identity_type <> 'user' order by 1, 2`,
  )
  return rows.map(({ kind, name: grantee }) => `${kind} ${grantee}`)
}

/** The distribution style as a number, and the columns that are keys. */
export async function keysOf(
  world: Pick<RedshiftWorld, 'sql'>,
  schema: string,
  name: string,
): Promise<Record<string, unknown>> {
  const id = await idOf(world, schema, name)
  const [style] = await world.sql(
    `select releffectivediststyle as style from pg_class_info where reloid = ${id}`,
  )
  const columns = await world.sql<{ name: string; dist: boolean; sort: number }>(
    `select attname as name, attisdistkey as dist, attsortkeyord as sort from pg_attribute
     where attrelid = ${id} and attnum > 0 and (attisdistkey or attsortkeyord <> 0)`,
  )
  return {
    ...style,
    ...Object.fromEntries(
      columns.map((column) => [
        column.name,
        [...(column.dist ? ['dist'] : []), ...(column.sort === 0 ? [] : [`sort ${column.sort}`])].join(' '),
      ]),
    ),
  }
}
