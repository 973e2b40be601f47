import { query } from './client.ts'

/** `schema.name` of every relation that is not the server's or duro's own, to its object id. */
export async function relationIds(url: string): Promise<Record<string, string>> {
  const rows = await query<{ name: string; id: string }>(
    url,
    `select format('%s.%s', n.nspname, c.relname) as name, c.oid::text as id
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'm', 'v', 'f', 'p') and n.nspname not in ('pg_catalog', 'information_schema', 'duro')
       and n.nspname !~ '^pg_(toast|temp)'
     order by 1`,
  )
  return Object.fromEntries(rows.map((row) => [row.name, row.id]))
}

/** Schemas of new and old versions, and what the registry says is in them: empty when nothing is left. */
export async function leftovers(url: string): Promise<string[]> {
  const schemas = await query<{ name: string }>(
    url,
    String.raw`select nspname as name from pg_namespace where nspname ~ '__duro_' order by 1`,
  )
  const [registry] = await query<{ exists: boolean }>(
    url,
    "select to_regclass('duro.relations') is not null as exists",
  )
  const registered = registry?.exists
    ? await query<{ name: string }>(
        url,
        `select format('registered %s.%s', schema_name, relation_name) as name from duro.relations order by 1`,
      )
    : []
  return [...schemas, ...registered].map((row) => row.name)
}

/** What the state tables call live and the catalog does not have so: empty when both agree. */
export async function disagreements(url: string): Promise<string[]> {
  const rows = await query<{ what: string }>(
    url,
    `select format('%s is published as %s and is %s', name, relation, to_regclass(live)::oid) as what
     from (select *, quote_ident(split_part(name, '.', 1)) || '.' || quote_ident(substr(name, strpos(name, '.') + 1)) as live
           from duro.views) as v
     where to_regclass(live)::oid::bigint is distinct from relation
     union all
     select format('%s.%s is registered as %s and is not there', schema_name, relation_name, id)
     from duro.relations r
     where to_regclass(quote_ident(schema_name) || '.' || quote_ident(relation_name))::oid::bigint is distinct from id
     order by 1`,
  )
  return rows.map((row) => row.what)
}

/** The server processes that work for duro in the database. */
export async function duroSessions(url: string): Promise<string[]> {
  const rows = await query<{ name: string }>(
    url,
    `select application_name as name from pg_stat_activity
     where datname = current_database() and application_name like 'duro %' order by 1`,
  )
  return rows.map((row) => row.name)
}
