import type { Files } from '../../support/project.ts'

/** 63 bytes, the longest name there is, beyond ASCII. */
export const longName = `${'ä'.repeat(31)}x`

/** A view of each kind, on each other, and some with names that need care. */
export const schemaProject: Files = {
  'duro.yaml': 'concurrency: 2\nkeep_previous: true\n',
  'views/first/mat — 1h.sql': 'select id, customer, amount, note from public.orders',
  'views/first/below — 1h.sql': 'select customer, sum(amount) as amount from first.mat group by customer',
  'views/first/tab — 1h.sql': 'select id, customer, amount, note from public.orders',
  'views/first/tab.yaml': 'materialized: table\n',
  'views/first/parent — 1h.sql': 'select distinct customer as name from public.orders',
  'views/first/parent.yaml': 'materialized: table\n',
  'views/first/plain.sql': 'select id, customer, amount from first.mat where amount > 0',
  'views/first/plain.yaml': 'materialized: none\n',
  "views/Ödd 'schema'/Mixed Näme — 1h.sql": 'select id, note from first.mat',
  [`views/Ödd 'schema'/${longName} — 1h.sql`]: 'select id, amount from public.orders',
  [`views/Ödd 'schema'/${longName}.yaml`]: 'materialized: table\n',
}

export const sources = `
  create table public.orders (id integer primary key, customer text, amount numeric, note text);
  insert into public.orders select i, 'customer ' || i % 7, i * 10, repeat('note ', i) from generate_series(1, 100) as i;
  create schema other;
  create function other.touch() returns trigger language plpgsql as $$ begin return new; end $$;
  create table other.log (id integer, what text);
  create table other.customers (name text primary key);
  insert into other.customers select distinct customer from public.orders;`

/** The names of roles, which belong to the whole server. */
export interface Roles {
  owner: string
  reader: string
  granter: string
}

/** Something that users hang on views. */
export interface Topic {
  name: string
  /** Major version from which the server has it. */
  from?: number
  /** A known gap: the proof shows it, and the short form leaves it out. */
  open?: true
  statements: (roles: Roles) => readonly string[]
}
