import type { Files } from '../../support/project.ts'

const tables = ['a', 'b', 'c', 'd']

/** What the views read: each table carries one version number, the same in all. */
export const sources = tables
  .map(
    (table) =>
      `create table public.source_${table} as select 1 as version, id from generate_series(1, 300) as id`,
  )
  .join(';\n')

const firstLevel = 6
const levels = 3

/**
 * Views on three levels, built four at once. Each reads two tables beside what is below it, at different times of the
 * run, since every one of them takes its while.
 */
export function instantProject(materialized: 'view' | 'table', oneInstant = true): Files {
  const files: Record<string, string> = {
    'duro.yaml': `concurrency: 4\none_instant: ${oneInstant}\nswap: { give_up_after: 20s }\ndefaults: { materialized: ${materialized} }\n`,
  }
  for (const { name, level, index } of instantViews()) {
    const [one, other] = [tables[index % 4], tables[(index + 1 + level) % 4]]
    const below = level === 0 ? '' : `join app.l${level - 1}_${index % firstLevel} as below using (id) `
    const belowVersion = level === 0 ? '' : ', below.version as version_3'
    files[`views/app/${name} — 1h.sql`] =
      `select one.version, other.version as version_2${belowVersion}, id\n` +
      `from public.source_${one} as one join public.source_${other} as other using (id) ${below}\n` +
      `cross join (select pg_sleep(${0.02 + (index % 3) * 0.02})) as while`
  }
  return files
}

export function instantViews(): { name: string; level: number; index: number }[] {
  return Array.from({ length: firstLevel * levels }, (_, at) => {
    const [level, index] = [Math.floor(at / firstLevel), at % firstLevel]
    return { name: `l${level}_${index}`, level, index }
  })
}

/** Every version in every column of every view, and how many rows the smallest view has. */
export const seen = `
  select array_agg(distinct version order by version) as versions, count(distinct view)::int as views
  from (${instantViews()
    .map(
      ({ name, level }) =>
        `select '${name}' as view, unnest(array[version, version_2${level === 0 ? '' : ', version_3'}]) as version from app.${name}`,
    )
    .join('\n union all ')}) as rows`

/** Ways to bring all tables to the next version, each within one transaction. */
export const writers = {
  update: tables.map((table) => `update public.source_${table} set version = version + 1`),
  'truncate and reload': [
    'create temp table next on commit drop as select max(version) + 1 as version from public.source_a',
    ...tables.flatMap((table) => [
      `truncate public.source_${table}`,
      `insert into public.source_${table} select version, id from next, generate_series(1, 300) as id`,
    ]),
  ],
  'truncate and reload, backwards': [
    'create temp table next on commit drop as select max(version) + 1 as version from public.source_a',
    ...tables
      .toReversed()
      .flatMap((table) => [
        `truncate public.source_${table}`,
        `insert into public.source_${table} select version, id from next, generate_series(1, 300) as id`,
      ]),
  ],
  'a new table in its place': tables.flatMap((table) => [
    `create table public.next_${table} as select version + 1 as version, id from public.source_${table}`,
    // What is live was built on the former one, which therefore stays.
    `do $$ begin execute format('alter table public.source_${table} rename to was_${table}_%s',
       (select max(version) from public.source_${table})); end $$`,
    `alter table public.next_${table} rename to source_${table}`,
  ]),
} as const

export type WriterName = keyof typeof writers
