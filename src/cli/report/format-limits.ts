import type { Limits } from '../../pipeline/find-limits.ts'
import type { Colors } from '../colors.ts'
import { formatCount } from './format-count.ts'

/** What the catalog shows and the text of the views does not; empty when it is nothing. */
export function formatLimits({ foreign, hidden, noInstant }: Limits, colors: Colors): string {
  const lines = hidden.map(
    ({ view, source, reads }) =>
      `${view} reads ${source}, which reads ${reads}: set depends_on: [${reads}] for ${view}, so that it follows`,
  )
  if (foreign.length > 0) {
    lines.push(
      `${formatCount(foreign.length, 'view')} read foreign tables, each at a moment of its own: ${foreign.join(', ')}`,
    )
  }
  if (noInstant) {
    lines.push(
      'Amazon Redshift has no moment that several sessions can share: each view reads its sources when it is built',
    )
  }
  return lines.map((line) => colors.yellow(line)).join('\n')
}
