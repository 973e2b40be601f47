import type { RunEvent, TotalsComparison } from '../../events.ts'
import type { ViewName } from '../../project/view.ts'
import { aboutView } from './about-view.ts'
import { describeRunFinished } from './describe-event.ts'
import { formatNumber } from './format-count.ts'
import { formatDuration } from './format-duration.ts'
import { messageOf } from './format-error.ts'
import { summarizeTestFailure } from './format-test-failure.ts'
import { describeChange, formatTotal } from './format-totals.ts'

/** Collects a run for the page that GitHub shows of a job. */
export interface GithubSummary {
  add(event: RunEvent): void
  addError(error: unknown): void
  addTotals(totals: readonly TotalsComparison[]): void
  /** Markdown, once; empty when nothing happened. */
  take(): string
}

interface ViewRow {
  outcome: string
  rows: string
  duration: string
}

export function createGithubSummary(): GithubSummary {
  const views = new Map<ViewName, ViewRow>()
  const failures: string[] = []
  const tested = new Set<ViewName>()
  const totals: TotalsComparison[] = []
  let headline = ''
  let taken = false

  return {
    add(event) {
      if (event.type === 'view-finished' && event.stage === 'build') {
        const rows = event.rows === null ? '' : formatNumber(String(event.rows))
        views.set(event.view, { outcome: 'built', rows, duration: formatDuration(event.duration) })
      }
      if (event.type === 'view-failed') {
        const row = views.get(event.view) ?? { rows: '', duration: '' }
        views.set(event.view, { ...row, outcome: `failed in ${event.stage}` })
        // Its tests have said more already.
        if (!tested.has(event.view)) failures.push(aboutView(event.view, messageOf(event.error)))
      }
      if (event.type === 'view-skipped') {
        views.set(event.view, { outcome: `skipped, as ${event.because} failed`, rows: '', duration: '' })
      }
      if (event.type === 'test-failed') {
        tested.add(event.view)
        failures.push(summarizeTestFailure(event.view, event.failure))
      }
      if (event.type === 'run-finished') headline = describeRunFinished(event)
    },
    addError: (error) => void failures.push(messageOf(error)),
    addTotals: (comparisons) => void totals.push(...comparisons),
    take() {
      if (taken || (headline === '' && failures.length === 0)) return ''
      taken = true
      const parts = [
        `### duro: ${cell(headline === '' ? 'failed' : headline)}`,
        [...new Set(failures)].map((failure) => `- ${cell(failure)}`).join('\n'),
        viewsTable(views),
        totalsTable(totals),
      ]
      return `${parts.filter((part) => part !== '').join('\n\n')}\n`
    },
  }
}

function viewsTable(views: ReadonlyMap<ViewName, ViewRow>): string {
  const rows = [...views].map(([view, row]) => [view, row.outcome, row.rows, row.duration])
  return markdownTable(['view', 'outcome', 'rows', 'duration'], ['---', '---', '---:', '---:'], rows)
}

function totalsTable(totals: readonly TotalsComparison[]): string {
  const rows = totals.map((comparison) => {
    const { view, total, before, after, verdict } = comparison
    const change = describeChange(comparison)
    const sides = [formatTotal(before), formatTotal(after), change?.absolute ?? '', change?.percent ?? '']
    return [view, total, ...sides, verdict.replace('-', ' ')]
  })
  const header = ['view', 'total', 'before', 'after', 'change', '', '']
  return markdownTable(header, ['---', '---', '---:', '---:', '---:', '---:', '---'], rows)
}

function markdownTable(
  header: readonly string[],
  align: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  if (rows.length === 0) return ''
  return [tableLine(header), `| ${align.join(' | ')} |`, ...rows.map(tableLine)].join('\n')
}

function tableLine(cells: readonly string[]): string {
  return `| ${cells.map(cell).join(' | ')} |`
}

/** Text with nothing in it that markdown, its tables or HTML would read. */
function cell(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replace(/[\\`*_[\]|~]/g, String.raw`\$&`)
    .replace(/\s*\n\s*/g, ' ')
}
