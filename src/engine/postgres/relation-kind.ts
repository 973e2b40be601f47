import type { Materialized } from '../../project/view-settings.ts'

/** What `create`, `alter`, `comment on` and `drop` call a kind of relation. */
export type RelationKind = 'materialized view' | 'table' | 'view' | 'foreign table'

const kinds: Record<string, RelationKind> = {
  m: 'materialized view',
  r: 'table',
  p: 'table',
  v: 'view',
  f: 'foreign table',
}

/** @param relkind `pg_class.relkind`; null for what is no relation that a view could replace (an index, a sequence) */
export function relationKind(relkind: string): RelationKind | null {
  return kinds[relkind] ?? null
}

export function kindOf(materialized: Materialized): RelationKind {
  return materialized === 'view' ? 'materialized view' : materialized === 'table' ? 'table' : 'view'
}
