import { dependentTopics } from './topics-dependents.ts'
import { longName, type Topic } from './scene.ts'
import { tableTopics } from './topics-tables.ts'

/** All that a refresh must not lose, one thing at a time. */
export const topics: readonly Topic[] = [
  { name: 'nothing', statements: () => [] },
  {
    name: 'grants, also on columns and by other grantors',
    statements: ({ owner, reader, granter }) => [
      'grant select on first.mat to public',
      `grant select, insert on first.tab to ${granter} with grant option`,
      `set role ${granter}; grant select on first.tab to ${reader}; reset role`,
      `grant select (id), update (note) on first.tab to ${reader}`,
      `grant select (customer) on first.mat to ${granter} with grant option`,
      `grant select on first.plain to ${reader}`,
      `revoke all on first.below from current_user`,
      `grant select on first.below to ${owner}`,
    ],
  },
  {
    name: 'default privileges that came later',
    statements: ({ reader, granter }) => [
      `alter default privileges grant select on tables to ${reader}`,
      `alter default privileges in schema first grant insert on tables to ${granter}`,
    ],
  },
  {
    name: 'comments',
    statements: () => [
      `comment on materialized view first.mat is 'it''s a "view"\nof two lines'`,
      `comment on column first.mat.customer is 'who\\ bought'`,
      `comment on table first.tab is 'a table'`,
      `comment on column first.tab.note is 'noted'`,
      `comment on view first.plain is 'plain'`,
      `comment on column first.plain.id is 'number'`,
      `comment on schema first is 'the first'`,
    ],
  },
  {
    name: 'indexes',
    statements: () => [
      'create unique index on first.mat (id)',
      'create index by_expression on first.mat (lower(customer), (amount + 1) desc nulls last) where amount > 5',
      'alter index first.by_expression alter column 1 set statistics 77',
      `create index "odd ""index"" \nname" on first.mat (note collate "C" text_pattern_ops) include (amount) with (fillfactor = 60)`,
      `comment on index first."odd ""index"" \nname" is 'odd'`,
      'create index on first.mat using hash (customer)',
      'create index on first.mat using brin (id) with (pages_per_range = 4)',
      `create index on first.tab using gin (to_tsvector('simple', note))`,
      'create index on first.tab (amount)',
      `create index ${longName.replace('x', 'y')} on "Ödd 'schema'"."Mixed Näme" (id)`,
      `create unique index "Ünique" on "Ödd 'schema'".${longName} (id, amount)`,
    ],
  },
  {
    name: 'cluster and replica identity',
    statements: () => [
      'create unique index mat_id on first.mat (id)',
      'alter materialized view first.mat cluster on mat_id',
      'alter table first.tab alter column id set not null',
      'create unique index tab_id on first.tab (id)',
      'alter table first.tab replica identity using index tab_id',
      'alter table first.tab cluster on tab_id',
      'alter table first.parent replica identity full',
    ],
  },
  {
    name: 'statistics objects',
    statements: ({ granter }) => [
      'create statistics first.on_mat (ndistinct, dependencies) on id, customer from first.mat',
      'alter statistics first.on_mat set statistics 250',
      `comment on statistics first.on_mat is 'counted'`,
      'create statistics other.elsewhere (mcv) on customer, amount from first.mat',
      'create statistics "Ödd \'schema\'"."ödd" on (lower(note)), id from first.tab',
      `grant create on schema first to ${granter}`,
      `alter statistics first.on_mat owner to ${granter}`,
    ],
  },
  {
    name: 'storage',
    statements: () => [
      'alter materialized view first.mat set (fillfactor = 70, autovacuum_enabled = false, toast.autovacuum_vacuum_threshold = 99)',
      'alter materialized view first.mat alter column note set storage external',
      'alter materialized view first.mat alter column note set compression pglz',
      'alter materialized view first.mat alter column customer set statistics 321',
      'alter materialized view first.mat alter column customer set (n_distinct = -0.5)',
      'alter table first.tab set (fillfactor = 80, parallel_workers = 2, toast.autovacuum_enabled = false)',
      'alter table first.tab alter column note set storage main',
      'alter table first.tab alter column id set statistics 5',
      `alter table "Ödd 'schema'".${longName} set unlogged`,
    ],
  },
  {
    name: 'tablespaces',
    from: 15,
    statements: ({ owner }) => [
      'set allow_in_place_tablespaces = on',
      `create tablespace ${owner} location ''`,
      `alter materialized view first.mat set tablespace ${owner}`,
      `alter table first.tab set tablespace ${owner}`,
      `create index moved on first.below (customer) tablespace ${owner}`,
      `create unique index using_moved on first.tab (id) tablespace ${owner}`,
      `alter table first.tab add constraint tab_unique unique using index using_moved`,
    ],
  },
  {
    name: 'dependence on an extension',
    statements: () => [
      'create index on_extension on first.mat (id)',
      'alter index first.on_extension depends on extension plpgsql',
    ],
  },
  ...tableTopics,
  ...dependentTopics,
  {
    name: 'owners',
    statements: ({ owner, granter }) => [
      `grant usage, create on schema first to ${owner}, ${granter}`,
      `grant select on public.orders to ${owner}, ${granter}`,
      `alter materialized view first.mat owner to ${owner}`,
      `alter table first.tab owner to ${granter}`,
      `alter view first.plain owner to ${owner}`,
      `grant select on first.tab to ${owner}`,
      `grant select on first.mat to current_user`,
    ],
  },
]

/** Some topics name the same things, and are left out here. */
const apart = new Set([
  'an identity column of a table',
  'cluster and replica identity',
  'publications',
  'foreign keys on other tables',
])

/** All of them on the same views. */
export function together(some: readonly Topic[]): Topic {
  const chosen = some.filter((topic) => !apart.has(topic.name))
  return {
    name: 'everything together',
    statements: (roles) => chosen.flatMap((topic) => ['reset all', ...topic.statements(roles)]),
  }
}
