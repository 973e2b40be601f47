import type { Output } from '../output.ts'
import { createErrorLog } from './error-log.ts'
import { formatError } from './format-error.ts'
import { formatTime } from './format-time.ts'
import { formatTotals } from './format-totals.ts'
import { describePlainly, joinPlainLine } from './plain-lines.ts'
import type { ReportContext, Reporter } from './reporter.ts'
import { createRepeats } from './repeats.ts'
import { createTotalsLog } from './totals-log.ts'

/** For cron and logs: a line per event with its time, no colours, nothing that moves. */
export function createPlainReporter(output: Output, context: ReportContext): Reporter {
  const errors = createErrorLog()
  const totals = createTotalsLog()
  const repeats = createRepeats()
  let began = false
  const stamped = (text: string): void => output.stderr(`${formatTime(context.now())} ${text}`)
  const printTotals = (): void => {
    const table = formatTotals(totals.take(), output.colors)
    if (table !== '') output.stdout(table)
  }

  return {
    emit(event) {
      began = true
      if (event.type === 'totals-compared') totals.add(event.comparisons)
      const known = event.type === 'view-failed' && errors.has(event.error)
      const line = describePlainly(event, { debug: context.debug })
      if (line !== null && !repeats.isRepeated(event))
        stamped(joinPlainLine(known ? { ...line, details: [] } : line))
      if (event.type === 'view-failed') errors.add(event.error)
      if (event.type === 'test-failed') errors.add(event.failure.error)
      if (event.type === 'run-finished') printTotals()
    },
    error(error) {
      if (errors.has(error)) return
      const text = formatError(error, output.errorColors, { debug: context.debug, known: errors })
      // What is wrong before a run is read at once, by a person or an editor, and not searched for by time.
      if (began) stamped(text)
      else output.stderr(text)
      errors.add(error)
    },
    close: printTotals,
  }
}
