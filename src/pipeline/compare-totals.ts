import {
  countingDigits,
  parseDecimal,
  permille,
  printDecimal,
  subtractDecimals,
  type Decimal,
} from '../decimal.ts'
import type { Totals, TotalsComparison } from '../events.ts'
import type { Limit, TotalLimits } from '../project/view-settings.ts'
import type { View } from '../project/view.ts'

/** A total that moved further than its limit allows. */
export interface BrokenLimit {
  total: string
  message: string
}

/** Any name may be that of a total, `constructor` too. */
const ownValue = <T>(values: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(values, name) ? values[name] : undefined

/** Totals of the live and of the new version, side by side. A decrease is worth a warning; a limit is a limit. */
export function compareTotals(view: View, before: Totals | null, after: Totals): TotalsComparison[] {
  return Object.entries(after).map(([total, value]) => {
    const old = ownValue(before ?? {}, total) ?? null
    const limits = ownValue(view.settings.limits, total)
    return { view: view.name, total, before: old, after: value, verdict: verdictOf(old, value, limits) }
  })
}

function verdictOf(
  before: string | null,
  after: string | null,
  limits: TotalLimits | undefined,
): TotalsComparison['verdict'] {
  const change = changeOf(before, after)
  if (before === after || (change !== null && isNoChange(change, [before, after]))) return 'same'
  if (change === null) {
    if (before !== null && limits !== undefined && !isNumber(after)) return 'limit-broken'
    return before !== null && after === null ? 'decreased' : 'changed'
  }
  if (limits !== undefined && breaks(change, limits)) return 'limit-broken'
  return change.by.units < 0n ? 'decreased' : 'changed'
}

/**
 * What was added up in floating point depends a little on the order of the rows, which is never the same. Where numbers
 * have cancelled each other out, what is left of them is not more exact than they were.
 */
function isNoChange({ by }: Change, totals: readonly (string | null)[]): boolean {
  if (by.units === 0n) return true
  const digits = totals.flatMap((total) => (total === null ? [] : (countingDigits(total) ?? [])))
  if (digits.length === 0) return false
  const largest = Math.max(...totals.map((total) => Math.abs(Number(total))))
  return Math.abs(Number(printDecimal(by))) <= Math.max(largest * noise(Math.min(...digits)), leftover)
}

/** What is left of a sum that should be nothing. */
const leftover = 1e-9

/** As a share of the sum: the errors of many additions pile up to the last two fifths of the digits. */
const noise = (digits: number): number => 10 ** -Math.floor((digits * 3) / 5)

/** Nothing is a number here, as it is where totals are compared. */
const isNumber = (total: string | null): boolean => total === null || parseDecimal(total) !== null

interface Change {
  by: Decimal
  from: Decimal
}

/** Nothing becomes zero: a sum over no rows is null, and that too is a decrease. */
function changeOf(before: string | null, after: string | null): Change | null {
  const from = before === null ? null : parseDecimal(before)
  const to = after === null ? parseDecimal('0') : parseDecimal(after)
  return from === null || to === null ? null : { by: subtractDecimals(to, from), from }
}

function breaks({ by, from }: Change, { maxDecrease, maxIncrease }: TotalLimits): boolean {
  if (by.units < 0n) return maxDecrease !== null && exceeds({ ...by, units: -by.units }, from, maxDecrease)
  return maxIncrease !== null && exceeds(by, from, maxIncrease)
}

/** A percentage of nothing is nothing: any move away from zero exceeds it. */
function exceeds(by: Decimal, from: Decimal, limit: Limit): boolean {
  const bound = parseDecimal(String(limit.value))
  if (bound === null) return false
  if (limit.unit === 'absolute') return subtractDecimals(by, bound).units > 0n
  const share =
    from.units === 0n
      ? null
      : {
          units: (from.units < 0n ? -from.units : from.units) * bound.units,
          scale: from.scale + bound.scale + 2,
        }
  return share === null || subtractDecimals(by, share).units > 0n
}

export function describeBrokenLimit(comparison: TotalsComparison, limits: TotalLimits): BrokenLimit {
  const { total, before, after } = comparison
  if (!isNumber(after)) {
    return {
      total,
      message: `${total} is ${after ?? ''}, and no limit can be held against what is no number`,
    }
  }
  const change = changeOf(before, after)
  const down = change !== null && change.by.units < 0n
  const limit = down ? limits.maxDecrease : limits.maxIncrease
  const bound = limit === null ? '' : `${limit.value}${limit.unit === 'percent' ? '%' : ''}`
  const moved = change === null ? null : permille(change.by, change.from)
  const share = moved === null ? '' : ` (${Number(moved) / 10}%)`
  return {
    total,
    message: `${total} went from ${before ?? 'nothing'} to ${after ?? 'nothing'}${share}, ${down ? 'max_decrease' : 'max_increase'} is ${bound}`,
  }
}
