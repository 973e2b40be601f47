import { query, usingClient } from '../../support/client.ts'
import type { Files } from '../../support/project.ts'

/** Views of every kind on two levels, over sources that carry one version number. */
export const crashProject = (options: { keepPrevious: boolean }): Files => ({
  'duro.yaml': `concurrency: 2\nkeep_previous: ${options.keepPrevious}\nswap: { give_up_after: 20s }\n`,
  'views/first/base — 1h.sql': 'select version, id, id % 3 as kind from public.source_a',
  'views/first/base.yaml':
    'description: the base\nindexes: [{ columns: [id], unique: true }]\ntotals: { ids: sum(id) }\n' +
    'tests: { not_null: [id], unique: [[id]] }\n',
  'views/first/other — 1h.sql': 'select version, id from public.source_b',
  'views/first/pairs — 1h.sql':
    'select base.version, other.version as other_version, id from first.base join first.other using (id)',
  'views/first/pairs.yaml': 'materialized: table\nindexes: [{ columns: [id] }]\n',
  'views/second/joined — 1h.sql':
    'select p.version, b.kind, p.id from first.pairs p join first.base b using (id)',
  'views/second/joined_test.sql': 'select count(*) > 0 as filled from second.joined',
  'views/second/plain.sql': 'select version, id from first.base',
  'views/second/plain.yaml': 'materialized: none\n',
})

/** What the views read. */
export const sources = `
  create table public.source_a as select 1 as version, id from generate_series(1, 50) as id;
  create table public.source_b as select 1 as version, id from generate_series(1, 50) as id;`

/** What others built on the views, once they are there. */
export const dependents = `
  create schema reports;
  create view reports.on_base with (security_barrier) as select version, id from first.base where id > 0;
  create view reports.chain as select version, count(*) as ids from reports.on_base group by version;
  create function reports.how_many() returns bigint stable begin atomic select count(*) from first.base; end;
  create index by_kind on first.base (kind);
  comment on column first.base.kind is 'made by hand';
  create statistics first.base_statistics on id, kind from first.base;`

/** Writes the next version of all sources, at once. */
export async function nextVersion(url: string): Promise<number> {
  const [row] = await query<{ version: number }>(
    url,
    `begin;
     update public.source_a set version = version + 1;
     update public.source_b set version = version + 1;
     commit;
     select max(version) as version from public.source_a`,
  )
  return row?.version ?? 0
}

const relations = [
  'first.base',
  'first.other',
  'first.pairs',
  'second.joined',
  'second.plain',
  'reports.on_base',
  'reports.chain',
]

/** One statement over the whole set: the version of each, and whether any is empty. */
export const readSet = `
  select array_agg(distinct version) as versions, count(distinct relation) as relations
  from (${relations.map((relation) => `select '${relation}' as relation, version from ${relation}`).join(' union all ')}
        union all select 'first.pairs', other_version from first.pairs) as seen`

/** What a set is, in the eyes of one statement. */
export type SeenSet = { versions: number[]; relations: number } | 'nothing'

export async function seeSet(url: string): Promise<SeenSet> {
  const [present] = await query<{ present: number }>(
    url,
    'select count(to_regclass(name))::int as present from unnest($1::text[]) as name',
    [relations.slice(0, 5)],
  )
  if (present?.present === 0) return 'nothing'
  if (present?.present !== 5) throw new Error(`only ${present?.present} of 5 views are there`)
  const withReports = await query(url, "select to_regclass('reports.chain') as name")
  const [row] = await query<{ versions: number[]; relations: string }>(
    url,
    withReports[0]?.['name'] === null
      ? readSet.replaceAll(/ union all select 'reports[^']*' as relation, version from \S+/g, '')
      : readSet,
  )
  return { versions: row?.versions ?? [], relations: Number(row?.relations ?? 0) }
}

/** Everything that duro may have left: registered relations, shadow schemas, marked relations, sessions. */
export async function whatIsLeft(url: string): Promise<string[]> {
  return usingClient(url, async (client) => {
    const { rows } = await client.query<{ what: string }>(`
      select format('registered: %s.%s', schema_name, relation_name) as what from duro.relations
      union all
      select format('schema: %s', nspname) from pg_namespace where nspname like '%\\_\\_duro%'
      union all
      select format('marked: %s', c.oid::regclass) from pg_class c
      where obj_description(c.oid, 'pg_class') like 'duro:%'`)
    return rows.map(({ what }) => what)
  })
}
