import type { ObjectStore } from '../copy/object-store.ts'

/** What the PostgreSQL behind the stand-in brings along: all of it that Redshift lacks has to be hidden. */
export interface UpstreamNames {
  functions: ReadonlySet<string>
  /** The relations of pg_catalog. */
  catalog: ReadonlySet<string>
}

/** What a statement's translation depends on besides its text. */
export interface Context {
  upstream: UpstreamNames
  /** Whether it runs inside a transaction block, or together with other statements. */
  inTransaction: boolean
  /** Whether it came alone. */
  alone: boolean
  /** Whether the block has done something else before; settings do not count. */
  transactionBegun: boolean
  /** Whether it came with the extended protocol. */
  prepared: boolean
  store: ObjectStore | null
  /** Tells in a session of its own, so that it outlives a rolled back transaction. */
  record(sql: string, parameters: unknown[]): Promise<void>
}
