import type { Trial } from '../../engine/engine.ts'
import type { HiddenPath } from '../../pipeline/find-limits.ts'
import type { Plan, PlannedView, Reason } from '../../plan/plan.ts'
import { describeReason } from '../../plan/reason-text.ts'
import { jsonVersion } from './json-reporter.ts'
import type { PlannedCopy } from './planned-copy.ts'

/**
 * What `duro plan --json` prints, as one line. Durations are in milliseconds, times in ISO 8601 (UTC), lists in the
 * order of the plan, views named `schema.name`. `version` is raised when a field changes its meaning or goes away;
 * fields and kinds of reasons may be added without, so that a reader should pass over what it does not know.
 *
 * ```json
 * { "version": 1, "type": "plan", "work": true, "concurrency": 4,
 *   "expected": 84000, "ends": "2026-11-20T14:05:12.000Z",
 *   "views": [{ "name": "first.cities", "after": [], "expected": 1200, "critical": true,
 *               "reasons": [{ "kind": "stale", "age": 93600000, "interval": 86400000, "text": "26 h old, may be 24 h" }] }],
 *   "fresh": [{ "name": "first.shops", "freshUntil": "2026-11-20T15:00:00.000Z" }],
 *   "copies": [{ "name": "first.cities", "table": "first.cities_history", "leftBy": null }],
 *   "removed": [], "refused": [], "columns": [], "broken": [], "hidden": [] }
 * ```
 *
 * The kinds of reasons: `missing`, `never-built`, `forced`, `named`, `failed`, `changed` (with `what`: `sql` or
 * `settings`, `before`, `after`), `stale` (with `age`, `interval`), `follows` (with `upstream`), `bound` (with `to`).
 */
export interface PlanJson {
  version: typeof jsonVersion
  type: 'plan'
  /** Whether a refresh would build a view or write a dated copy: what `--check` answers with exit code 10. */
  work: boolean
  /** How many views are built at once; of those that may begin, the one with the longest remaining path goes first. */
  concurrency: number
  /** For the whole run; null when some view was never built. */
  expected: number | null
  /** When a run that begins now should end; null when nobody knows, or when there is no work. */
  ends: string | null
  views: readonly {
    name: string
    /** With the reason in words as `text`, beside the fields of its kind. */
    reasons: readonly (Reason & { text: string })[]
    /** Views of this plan that are built before it. */
    after: readonly string[]
    expected: number | null
    /** On the longest path through the plan. */
    critical: boolean
  }[]
  fresh: readonly { name: string; freshUntil: string | null }[]
  /** Dated copies that it would write. `leftBy`: the run whose version was not copied then; null: of what it publishes. */
  copies: readonly { name: string; table: string; leftBy: string | null }[]
  /** Published by an earlier run, and no longer in the folder. */
  removed: readonly string[]
  /** Views whose select the server refuses; the exit code is 2 then. */
  refused: readonly { name: string; error: Error }[]
  /** How the columns of views with a new definition differ from the live ones, in words. */
  columns: readonly { name: string; changes: readonly string[] }[]
  /** What others made on the live views and a refresh would break, for which it refuses to run; in words. */
  broken: readonly string[]
  /** Reads that the catalog shows and the graph lacks: `depends_on` adds them. */
  hidden: readonly HiddenPath[]
}

export interface PlanJsonContext {
  now: Date
  concurrency: number
  trials: readonly Trial[]
  hidden: readonly HiddenPath[]
  copies: readonly PlannedCopy[]
}

export function planJson({ views, fresh, removed, expected }: Plan, context: PlanJsonContext): PlanJson {
  const { now, concurrency, trials, hidden, copies } = context
  const ends = views.length === 0 || expected === null ? null : new Date(now.getTime() + expected)
  return {
    version: jsonVersion,
    type: 'plan',
    work: views.length > 0 || copies.length > 0,
    concurrency,
    expected,
    ends: ends?.toISOString() ?? null,
    views: views.map(plannedView),
    fresh: fresh.map(({ name, freshUntil }) => ({ name, freshUntil: freshUntil?.toISOString() ?? null })),
    copies: copies.map(({ view, table, leftBy }) => ({ name: view, table, leftBy })),
    removed,
    refused: trials.flatMap(({ view, errors }) => errors.map((error) => ({ name: view.name, error }))),
    columns: trials
      .filter(({ changes }) => changes.length > 0)
      .map(({ view, changes }) => ({ name: view.name, changes })),
    broken: trials.flatMap((trial) => trial.broken),
    hidden,
  }
}

function plannedView({ name, reasons, after, expected, critical }: PlannedView): PlanJson['views'][number] {
  const described = reasons.map((reason) => ({ ...reason, text: describeReason(reason) }))
  return { name, reasons: described, after, expected, critical }
}
