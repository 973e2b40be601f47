import type { TotalsComparison } from '../../events.ts'
import type { Colors } from '../colors.ts'
import { parseDecimal, permille, printDecimal, subtractDecimals, type Decimal } from '../../decimal.ts'
import { formatNumber } from './format-count.ts'
import { formatTable } from './format-table.ts'
import { printable } from './text-width.ts'

/** How far a total moved, exactly; null where one side is missing or is not a number. */
export interface Change {
  /** Signed, with thousands separators: `+1,234.50`; `0` when nothing moved. */
  absolute: string
  /** `+5.3%`; empty when nothing moved or the base was 0. */
  percent: string
}

export function describeChange(before: string | null, after: string | null): Change | null {
  const from = before === null ? null : parseDecimal(before)
  const to = after === null ? null : parseDecimal(after)
  if (from === null || to === null) return null
  const change = subtractDecimals(to, from)
  if (change.units === 0n) return { absolute: '0', percent: '' }
  const sign = change.units > 0n ? '+' : ''
  return { absolute: sign + formatNumber(printDecimal(change)), percent: describePercent(change, from) }
}

function describePercent(change: Decimal, base: Decimal): string {
  const tenths = permille(change, base)
  if (tenths === null) return ''
  // A total that moved never reads as if it had not.
  if (tenths === 0n) return '<0.1%'
  const sign = tenths > 0n ? '+' : ''
  return `${sign}${formatNumber(printDecimal({ units: tenths, scale: 1 }))}%`
}

/** Totals before and after, side by side; empty when there are none. */
export function formatTotals(comparisons: readonly TotalsComparison[], colors: Colors): string {
  if (comparisons.length === 0) return ''
  const header = ['view', 'total', 'before', 'after', 'change'].map((title) => colors.bold(title))
  const rows = comparisons.map((comparison) => totalsRow(comparison, colors))
  return formatTable([header, ...rows], ['left', 'left', 'right', 'right', 'right', 'right', 'left']).join(
    '\n',
  )
}

const verdicts: Readonly<Record<TotalsComparison['verdict'], string>> = {
  same: 'same',
  changed: 'changed',
  decreased: 'decreased',
  'limit-broken': 'limit broken',
}

function totalsRow({ view, total, before, after, verdict }: TotalsComparison, colors: Colors): string[] {
  const change = describeChange(before, after)
  const paint = { same: colors.dim, changed: String, decreased: colors.yellow, 'limit-broken': colors.red }[
    verdict
  ]
  return [
    view,
    total,
    formatTotal(before),
    formatTotal(after),
    change === null ? '' : paint(change.absolute),
    change === null || change.percent === '' ? '' : paint(change.percent),
    paint(verdicts[verdict]),
  ]
}

/** One side of a comparison; a missing one is a dash. */
export function formatTotal(total: string | null): string {
  return total === null ? '-' : formatNumber(printable(total))
}
