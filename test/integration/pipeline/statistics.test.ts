import { expect, test } from 'vitest'

import { makeWorld } from '../../support/world.ts'

/** Some 30 MB: of so much, those who read it in the same run get statistics of a small sample. */
const rows = 'select n, md5(n::text) as one, md5(n::text || 1) as other from generate_series(1, 250000) as n'

test.each(['view', 'table'])(
  'what is published of a materialized %s has full statistics, and its pages are known to be visible to all',
  async (materialized) => {
    const world = await makeWorld('', {
      'views/first/large.sql': rows,
      'views/first/large.yaml': `materialized: ${materialized}\nindexes: [n]`,
      'views/first/reader.sql': 'select n, one from first.large where n % 2 = 0',
      'views/first/reader.yaml': `materialized: ${materialized}`,
      'views/first/small.sql': 'select generate_series(1, 500) as n',
    })
    await world.refresh()
    const statistics = await world.sql(
      `select tablename as name, array_length(histogram_bounds::text::int[], 1) as buckets, n_distinct::int
       from pg_stats where schemaname = 'first' and attname = 'n' order by 1`,
    )
    expect(statistics).toEqual(
      ['large', 'reader', 'small'].map((name) => ({ name, buckets: 101, n_distinct: -1 })),
    )
    const pages = await world.sql(
      // The server makes room for a few pages more than it needs, and passes over those that the reader just reads, and
      // in its estimate of the rows over those that an autovacuum has seen.
      `select relname, relallvisible > relpages * case relname when 'large' then 0.5 else 0.9 end as are_visible,
              round(reltuples / 25000) as rows
       from pg_class where oid in ('first.large'::regclass, 'first.reader'::regclass) order by 1`,
    )
    expect(pages).toEqual([
      { relname: 'large', are_visible: true, rows: 10 },
      { relname: 'reader', are_visible: true, rows: 5 },
    ])
  },
)

test('a small materialized view gives back the pages that it does not need, also while a test reads it', async () => {
  const world = await makeWorld('', {
    'views/first/small.sql': 'select n, md5(n::text) from generate_series(1, 3000) as n',
    'views/first/small_test.sql': "select pg_sleep(1)::text = '' as slept from first.small limit 1",
  })
  await world.refresh()
  const pages = await world.sql(
    `select relallvisible > 20 as some, pg_relation_size(oid) / current_setting('block_size')::int = relallvisible as all_used
     from pg_class where oid = 'first.small'::regclass`,
  )
  expect(pages).toEqual([{ some: true, all_used: true }])
})
