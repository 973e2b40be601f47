import type { Bonds } from '../project/bonds.ts'
import type { ViewName } from '../project/view.ts'

/** Why a view is rebuilt. Durations are in milliseconds. */
export type Reason =
  | { kind: 'missing' } // no such relation in the database
  | { kind: 'never-built' } // a relation stands there, but duro did not make it
  | { kind: 'forced' } // by --force or by the flag in the state tables
  | { kind: 'named' } // on the command line
  | { kind: 'failed' } // its last build failed and nothing was published since; never the only reason
  | { kind: 'changed'; what: 'sql' | 'settings'; before: string; after: string }
  | { kind: 'stale'; age: number; interval: number } // a negative age: the clock has gone back
  | { kind: 'follows'; upstream: readonly ViewName[] } // bound to views that are rebuilt
  | { kind: 'bound'; to: readonly ViewName[] } // the same of what is live, where its SQL does not say so

export interface PlannedView {
  name: ViewName
  /** At least one. */
  reasons: readonly Reason[]
  /** The views of this plan that have to be built before, direct ones only. */
  after: readonly ViewName[]
  /** The views of this plan that its live version hangs on; null: not known, most likely what it reads. */
  hangsOn: readonly ViewName[] | null
  /** Its data tests or totals were never asked as they are written now. */
  asksAnew: boolean
  /** What its builds usually take, in milliseconds; null when it was never built. */
  expected: number | null
  /** On the longest path through the plan. */
  critical: boolean
}

export interface FreshView {
  name: ViewName
  /** When it will be stale; null when it has no interval, as a plain view. */
  freshUntil: Date | null
}

/** What a run does: which views it rebuilds, in which order, and why. */
export interface Plan {
  /** Upstream first. */
  views: readonly PlannedView[]
  /** Selected, and nothing to do. */
  fresh: readonly FreshView[]
  /** Published by an earlier run, and no longer in the folder. */
  removed: readonly ViewName[]
  /** Milliseconds for the whole run at its concurrency; null when some view was never built. */
  expected: number | null
}

/** What the state tables and the catalog say about one view. */
export interface ViewState {
  /** Whether a relation stands under the view's name, and whether it is the one that duro published. */
  live: 'missing' | 'published' | 'foreign'
  /**
   * When the build of the published version began: where all views of a run read the sources at one instant, that
   * instant, and not the moment at which its own turn came; else a long run would make its late views look younger,
   * and an hourly cron would pass them by.
   */
  builtAt: Date | null
  /** The definition that was published, as `describeDefinition` gave it. */
  definition: Definition | null
  forced: boolean
  /** What its live version hangs on, as the catalog has it: its SQL may say otherwise by now. Null: not known. */
  bonds: Bonds | null
  /** The last run that tried to build it failed on it. */
  failed: boolean
  /** What its build usually takes, in milliseconds; null: it was never built. */
  usualDuration: number | null
}

/** A view's definition in comparable form: comments, white space and the case of keywords do not count. */
export interface Definition {
  sql: string
  /** The settings that shape the relation, as lines of `key: value`. */
  settings: string
  /** Of what is asked of every new version; null or absent: nothing is, or it is not known. Needs no rebuild. */
  questions?: string | null
}
