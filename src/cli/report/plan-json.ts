import type { Plan, PlannedView, Reason } from '../../plan/plan.ts'
import { describeReason } from '../../plan/reason-text.ts'
import { jsonVersion } from './json-reporter.ts'

/** What `duro plan --json` prints. Durations in milliseconds, times in ISO 8601, lists in the order of the plan. */
export interface PlanJson {
  version: typeof jsonVersion
  type: 'plan'
  /** Whether a refresh would build anything. */
  work: boolean
  /** For the whole run; null when some view was never built. */
  expected: number | null
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
  /** Published by an earlier run, and no longer in the folder. */
  removed: readonly string[]
}

export function planJson({ views, fresh, removed, expected }: Plan): PlanJson {
  return {
    version: jsonVersion,
    type: 'plan',
    work: views.length > 0,
    expected,
    views: views.map(plannedView),
    fresh: fresh.map(({ name, freshUntil }) => ({ name, freshUntil: freshUntil?.toISOString() ?? null })),
    removed,
  }
}

function plannedView({ name, reasons, after, expected, critical }: PlannedView): PlanJson['views'][number] {
  const described = reasons.map((reason) => ({ ...reason, text: describeReason(reason) }))
  return { name, reasons: described, after, expected, critical }
}
