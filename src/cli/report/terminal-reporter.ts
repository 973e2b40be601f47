import type { RunEvent } from '../../events.ts'
import type { Output } from '../output.ts'
import { createErrorLog } from './error-log.ts'
import { formatError } from './format-error.ts'
import { formatMovedTotals } from './format-totals.ts'
import { advance, describeProgress, notStarted } from './progress.ts'
import type { ReportContext, Reporter } from './reporter.ts'
import type { Spinner } from './spinner.ts'
import { createTerminalLines, type TerminalFormat } from './terminal-lines.ts'
import { createTotalsLog } from './totals-log.ts'

/** The spinner's wheel and the space behind it, and a last column that stays free: some terminals wrap there. */
const aroundStatus = 3

/** For a person who watches: one moving line, and above it what is done. */
export function createTerminalReporter(output: Output, context: ReportContext, spinner: Spinner): Reporter {
  const colors = output.errorColors
  const lines = createTerminalLines(colors)
  const errors = createErrorLog()
  const totals = createTotalsLog()
  let progress = notStarted

  const format = (): TerminalFormat => ({
    columns: output.columns,
    debug: context.debug,
    known: errors,
  })
  const status = (): string =>
    describeProgress(progress, context.now().getTime(), output.columns - aroundStatus)
  const printTotals = (): void => {
    const table = formatMovedTotals(totals.take(), output.colors, output.columns)
    if (table !== '') output.stdout(`\n${table}`)
  }

  return {
    emit(event: RunEvent) {
      progress = advance(progress, event, context.now().getTime())
      if (event.type === 'run-started' || event.type === 'waiting-for-lock') spinner.start(status)
      if (event.type === 'run-finished') spinner.stop()
      spinner.update()
      if (event.type === 'totals-compared') totals.add(event.comparisons)

      const printed = lines.of(event, format())
      if (printed.length > 0) output.stderr(printed.join('\n'))

      if (event.type === 'view-failed') errors.add(event.error)
      if (event.type === 'test-failed') errors.add(event.failure.error)
      if (event.type === 'run-finished') printTotals()
    },
    error(error) {
      spinner.stop()
      if (errors.has(error)) return
      output.stderr(formatError(error, colors, format()))
      errors.add(error)
    },
    close() {
      spinner.stop()
      printTotals()
    },
  }
}
