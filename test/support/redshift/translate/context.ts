import type { ObjectStore } from '../copy/object-store.ts'
import type { Token } from '../sql/token.ts'

/** What the PostgreSQL behind the stand-in brings along: all of it that Redshift lacks has to be hidden. */
export interface UpstreamNames {
  functions: ReadonlySet<string>
  /** The relations of pg_catalog. */
  catalog: ReadonlySet<string>
}

/** What a statement's translation depends on besides its text. */
export interface Context {
  /** The statement as it came. */
  text: string
  upstream: UpstreamNames
  /** Whether it runs inside a transaction block, or together with other statements. */
  inTransaction: boolean
  /** Whether it came alone. */
  alone: boolean
  /** Whether the block has done something else before; settings do not count. */
  transactionBegun: boolean
  /** Whether it came with the extended protocol. */
  prepared: boolean
  /** The process that works for the session, which is how Redshift names it too. */
  session: number
  store: ObjectStore | null
  /** A query that stands in a string, as PostgreSQL reads it. */
  translateQuery(sql: string): readonly Token[]
  /** Remembers the long name for which a short one stands. */
  keepLongName(short: string, long: string): Promise<void>
  /** Tells in a session of its own, so that it outlives a rolled back transaction. */
  record(sql: string, parameters: unknown[]): Promise<void>
}
