import type { Step } from './translate/step.ts'

/** What the server is to answer, in the order in which it was asked. */
export type Expected = Query | Part | Execution | Sync

/** A query of the simple protocol: an answer for each step, and that the server is ready. */
export interface Query {
  kind: 'query'
  /** The client's text. */
  sql: string
  steps: readonly Step[]
  /** The step that is answered next. */
  at: number
  /** Another query follows for the same one of the client, unless this one fails. */
  quiet: boolean
  failed: boolean
  /** Whether it only begins or ends a transaction, or sets something: `lock` may come behind it. */
  onlySettles: boolean
}

/** A message of the extended protocol that is answered by one message, or two. */
export interface Part {
  kind: 'part'
  /** Whether it is the client's. */
  visible: boolean
  sql: string
  steps: readonly Step[]
}

export interface Execution {
  kind: 'execute'
  sql: string
  steps: readonly Step[]
  at: number
}

/** The end of a batch of the extended protocol. */
export interface Sync {
  kind: 'sync'
  cut: boolean
  /** It is not the client's. */
  quiet: boolean
  onlySettles: boolean
}
