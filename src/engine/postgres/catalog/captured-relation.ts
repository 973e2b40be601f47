import type { OwnObject } from './own-objects.ts'

/** One item of an access control list; null stands for PUBLIC. */
export interface Grant {
  grantee: string | null
  /** Of what is captured: who can grant it again, which is the owner where duro may not speak for who did. */
  grantor: string
  privilege: string
  grantable: boolean
}

export interface SilentGrantor {
  name: string
  /** What an administrator runs, so that the role may: `grant joe to duro`. Null: that would make it a superuser. */
  remedy: string | null
}

export interface CapturedColumn {
  name: string
  /** As `format_type` prints it, with its modifier. */
  type: string
  comment: string | null
  grants: readonly Grant[] | null
  /** `n_distinct=…`, as in `alter column … set (…)`. */
  options: readonly string[]
  /** Where it differs from the type's own: `p`, `e`, `m`, `x`. */
  storage: string | null
  /** `pglz` or `lz4`, where it is set. */
  compression: string | null
  statistics: number | null
  /** A default that is neither generated nor an identity. */
  default: string | null
  /** Where it is not written as a constraint of its own. */
  notNull: boolean
  /** `generated always as (…)`, which no select can fill. */
  generated: boolean
  identity: CapturedIdentity | null
}

export interface CapturedIdentity {
  kind: 'always' | 'by default'
  /** The name of its sequence, which lies in the relation's schema and belongs to its owner. */
  sequence: string
  options: string
  /** On the sequence. */
  grants: readonly Grant[] | null
  comment: string | null
}

/** A constraint of a table but for foreign keys, which are replayed at the swap. */
export interface CapturedConstraint {
  name: string
  definition: string
  columns: readonly string[]
  comment: string | null
  /** What its definition leaves out about its index; null where it has none. */
  index: ConstraintIndex | null
}

export interface ConstraintIndex {
  name: string
  options: readonly string[]
  tablespace: string | null
  comment: string | null
  clustered: boolean
  replicaIdentity: boolean
}

export interface CapturedIndex {
  name: string
  unique: boolean
  /** What follows `using` in its definition, with qualified names. */
  using: string
  /** The same without what `alter index … set (…)` sets. */
  withoutOptions: string
  tablespace: string | null
  comment: string | null
  /** The relation's columns that it needs. */
  columns: readonly string[]
  /** `alter index … alter column N set statistics S`. */
  statistics: readonly { column: number; target: number }[]
  clustered: boolean
  replicaIdentity: boolean
  /** Extensions that the index is marked to depend on. */
  extensions: readonly string[]
}

export interface CapturedStatistics {
  schema: string
  name: string
  owner: string
  /** What stands between `create statistics name` and `from`. */
  definition: string
  target: number | null
  comment: string | null
  columns: readonly string[]
}

/** Everything about a relation that a new version has to take over, as the catalog has it. */
export interface CapturedRelation {
  id: number
  schema: string
  name: string
  /** `pg_class.relkind`. */
  kind: string
  owner: string
  /** Null: nothing was ever granted, the owner has all. */
  grants: readonly Grant[] | null
  /** Those who have granted something, on a column perhaps, and whom duro's role may not speak for. */
  silentGrantors: readonly SilentGrantor[]
  options: readonly string[]
  toastOptions: readonly string[]
  tablespace: string | null
  /** Null for a plain view. */
  accessMethod: string | null
  /** `p` permanent, `u` unlogged, `t` temporary. */
  persistence: string
  replicaIdentity: string
  comment: string | null
  /** Changes when the rows are written anew; null for a plain view. */
  storage: string | null
  /** Extensions that the relation is marked to depend on. */
  extensions: readonly string[]
  columns: readonly CapturedColumn[]
  indexes: readonly CapturedIndex[]
  statistics: readonly CapturedStatistics[]
  constraints: readonly CapturedConstraint[]
  /** Triggers, rules, policies and the like. */
  objects: readonly OwnObject[]
  /** Whether it takes part in inheritance or partitioning. */
  inherits: boolean
}

/** Whether one of the list has the name. */
export const isNamed = (list: readonly { name: string }[], name: string): boolean =>
  list.some((item) => item.name === name)
