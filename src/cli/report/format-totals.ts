import type { TotalsComparison } from '../../events.ts'
import type { Colors } from '../colors.ts'
import {
  countingDigits,
  parseDecimal,
  permille,
  printDecimal,
  subtractDecimals,
  type Decimal,
} from '../../decimal.ts'
import { formatCount, formatNumber } from './format-count.ts'
import { formatTable, indent } from './format-table.ts'
import { printable, textWidth } from './text-width.ts'

type ChangedTotal = Pick<TotalsComparison, 'before' | 'after' | 'verdict'>

/** How far a total moved, exactly; null where one side is missing or is not a number. */
export interface Change {
  /** Signed, with thousands separators: `+1,234.50`; `0` when nothing moved. */
  absolute: string
  /** `+5.3%`; empty when nothing moved or the base was 0. */
  percent: string
}

export function describeChange({ before, after, verdict }: ChangedTotal): Change | null {
  const from = before === null ? null : parseDecimal(before)
  const to = after === null ? null : parseDecimal(after)
  if (from === null || to === null) return null
  const change = subtractDecimals(to, from)
  if (verdict === 'same' || change.units === 0n) return { absolute: '0', percent: '' }
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
  return wideTable(comparisons, colors).join('\n')
}

/**
 * The same for a person, and a window of some width: what did not move, and what there was nothing to compare with,
 * is only counted. Where a table is too wide, views stand above their totals.
 */
export function formatMovedTotals(
  comparisons: readonly TotalsComparison[],
  colors: Colors,
  columns: number,
): string {
  const first = comparisons.filter(({ before }) => before === null)
  const same = comparisons.filter(({ before, verdict }) => before !== null && verdict === 'same')
  const moved = comparisons.filter((comparison) => !first.includes(comparison) && !same.includes(comparison))
  const table = moved.length === 0 ? [] : wideTable(moved, colors)
  const fits = table.every((line) => textWidth(line) < columns)
  const counts = [
    ...countLine(same, 'the same as before'),
    ...countLine(first, 'recorded for the first time'),
  ]
  return [...(fits ? table : narrowTable(moved, colors)), ...counts.map(colors.dim)].join('\n')
}

function countLine(comparisons: readonly TotalsComparison[], what: string): string[] {
  const count = comparisons.length
  return count === 0 ? [] : [`${formatCount(count, 'total')} ${count === 1 ? 'is' : 'are'} ${what}`]
}

function wideTable(comparisons: readonly TotalsComparison[], colors: Colors): string[] {
  const header = ['view', ...titles].map((title) => colors.bold(title))
  const rows = comparisons.map((comparison) => [comparison.view, ...totalsRow(comparison, colors)])
  return formatTable([header, ...rows], ['left', ...align])
}

function narrowTable(comparisons: readonly TotalsComparison[], colors: Colors): string[] {
  const header = ['', ...titles.slice(1)].map((title) => colors.bold(title))
  // That it changed is seen from the change.
  const rows = comparisons.map((comparison) =>
    comparison.verdict === 'changed'
      ? totalsRow(comparison, colors).slice(0, -1)
      : totalsRow(comparison, colors),
  )
  const [titleLine = '', ...lines] = indent(formatTable([header, ...rows], align))
  let view = ''
  const grouped = lines.flatMap((line, index) => {
    const own = comparisons[index]?.view ?? ''
    const isNext = own !== view
    view = own
    return isNext ? [own, line] : [line]
  })
  return [titleLine, ...grouped]
}

const titles = ['total', 'before', 'after', 'change']
const align = ['left', 'right', 'right', 'right', 'right', 'left'] as const

const verdicts: Readonly<Record<TotalsComparison['verdict'], string>> = {
  same: 'same',
  changed: 'changed',
  decreased: 'decreased',
  'limit-broken': 'limit broken',
}

function totalsRow(comparison: TotalsComparison, colors: Colors): string[] {
  const { total, before, after, verdict } = comparison
  const change = describeChange(comparison)
  const paint = { same: colors.dim, changed: String, decreased: colors.yellow, 'limit-broken': colors.red }[
    verdict
  ]
  return [
    total,
    formatTotal(before),
    formatTotal(after),
    change === null ? '' : paint(change.absolute),
    change === null || change.percent === '' ? '' : paint(change.percent),
    // With nothing before there is nothing that it changed from.
    before === null && after !== null ? 'new' : paint(verdicts[verdict]),
  ]
}

/** One side of a comparison; a missing one is a dash. */
export function formatTotal(total: string | null): string {
  if (total === null) return '-'
  const approximate = countingDigits(total) === null ? null : parseDecimal(total)
  if (approximate === null) return formatNumber(printable(total))
  return formatNumber(withoutLastZeros(printDecimal(approximate)))
}

const withoutLastZeros = (text: string): string => (text.includes('.') ? text.replace(/\.?0+$/, '') : text)
