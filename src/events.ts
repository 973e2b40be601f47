import type { SqlError } from './errors.ts'
import type { ViewName } from './project/view.ts'

/** The stages of a run, in order. */
export type Stage = 'record totals' | 'build' | 'test' | 'swap' | 'validate' | 'drop' | 'history'

/** Row count and declared sums of one relation: exact numbers as the server prints them, null for sql null. */
export type Totals = Readonly<Record<string, string | null>>

export interface TotalsComparison {
  view: ViewName
  /** `rows`, or the name of a declared total. */
  total: string
  /** Null: there was no live version, or the sum was null. */
  before: string | null
  after: string | null
  verdict: 'same' | 'changed' | 'decreased' | 'limit-broken'
}

/** What happens in a run, as it happens. Durations are in milliseconds. */
export type RunEvent =
  | { type: 'run-started'; runId: string; views: readonly ViewName[]; concurrency: number }
  | { type: 'waiting-for-lock'; holder: string }
  | { type: 'stage-started'; stage: Stage }
  | { type: 'stage-finished'; stage: Stage; duration: number }
  | { type: 'view-started'; stage: Stage; view: ViewName }
  | { type: 'view-finished'; stage: Stage; view: ViewName; duration: number; rows: number | null }
  | { type: 'view-failed'; stage: Stage; view: ViewName; error: Error }
  | { type: 'view-skipped'; view: ViewName; because: ViewName }
  | { type: 'test-failed'; view: ViewName; failure: TestFailure }
  | {
      type: 'swap-attempt'
      attempt: number
      outcome: 'done' | 'blocked'
      blockers: readonly string[]
      lockedFor: number | null
    }
  | { type: 'totals-compared'; comparisons: readonly TotalsComparison[] }
  | { type: 'notice'; message: string } // worth knowing
  /** Worth a look; an urgent one also to who wants to hear only of what went wrong. */
  | { type: 'warning'; message: string; view?: ViewName; isUrgent?: true }
  | {
      type: 'run-finished'
      runId: string
      outcome: RunOutcome
      duration: number
      published: readonly ViewName[]
    }

export type RunOutcome = 'published' | 'built' | 'nothing-to-do' | 'failed' | 'interrupted'

/** A data test that did not hold. */
export interface TestFailure {
  /** `not_null(customer)`, or `statement 2` of the view's test file. */
  test: string
  message: string
  /** Where the test stands, when it stands in a file. */
  file: string | null
  line: number | null
  /** Some of the rows that did not hold, column names to values. */
  samples: readonly Readonly<Record<string, unknown>>[]
  error: SqlError | null
}

export type Emit = (event: RunEvent) => void
