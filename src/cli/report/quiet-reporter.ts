import type { Output } from '../output.ts'
import { createErrorLog } from './error-log.ts'
import { formatError } from './format-error.ts'
import { indent } from './format-table.ts'
import { summarizeTestFailure, testFailureDetails } from './format-test-failure.ts'
import { formatTotals } from './format-totals.ts'
import type { ReportContext, Reporter } from './reporter.ts'

/** Only what went wrong: silent after a good run, so that cron sends no mail. */
export function createQuietReporter(output: Output, context: ReportContext): Reporter {
  const colors = output.errorColors
  const errors = createErrorLog()
  const print = (lines: readonly string[]): void => output.stderr(lines.join('\n'))

  return {
    emit(event) {
      const format = { debug: context.debug, columns: output.columns }
      if (event.type === 'view-failed') {
        print([
          `${event.view} failed in ${event.stage}`,
          ...(errors.has(event.error)
            ? []
            : indent(formatError(event.error, colors, { ...format, below: event.view }).split('\n'))),
        ])
        errors.add(event.error)
      }
      if (event.type === 'test-failed') {
        print([
          summarizeTestFailure(event.view, event.failure),
          ...indent(testFailureDetails(event.failure, colors, { ...format, below: event.view })),
        ])
        errors.add(event.failure.error)
      }
      if (event.type === 'warning' && event.isUrgent) print([`warning: ${event.message}`])
      if (event.type === 'totals-compared') {
        const broken = event.comparisons.filter(({ verdict }) => verdict === 'limit-broken')
        if (broken.length > 0) print([formatTotals(broken, colors)])
      }
    },
    error(error) {
      if (errors.has(error)) return
      print([formatError(error, colors, { debug: context.debug, columns: output.columns, known: errors })])
      errors.add(error)
    },
    close: () => undefined,
  }
}
