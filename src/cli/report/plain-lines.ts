import type { RunEvent } from '../../events.ts'
import { noColors } from '../colors.ts'
import { aboutView, withoutView } from './about-view.ts'
import {
  describeRunFinished,
  describeRunStarted,
  describeSwapAttempt,
  describeViewFinished,
} from './describe-event.ts'
import { formatDuration } from './format-duration.ts'
import { formatError, messageOf, type ErrorFormat } from './format-error.ts'
import { indent, outdent } from './format-table.ts'
import { summarizeTestFailure, testFailureDetails } from './format-test-failure.ts'

/** An event as a line that `grep` finds, and what belongs below it, such as an error's place. */
export interface PlainLine {
  line: string
  details: readonly string[]
}

/** Null for events that say nothing on their own. */
export function describePlainly(event: RunEvent, format: ErrorFormat = {}): PlainLine | null {
  switch (event.type) {
    case 'run-started':
      return alone(describeRunStarted(event))
    case 'waiting-for-lock':
      return alone(`waits for another run to end: ${event.holder}`)
    case 'stage-started':
      return alone(`${event.stage} started`)
    case 'stage-finished':
      return alone(`${event.stage} finished in ${formatDuration(event.duration)}`)
    case 'view-started':
      // Only builds take long enough that a log which ends here would explain something.
      return event.stage === 'build' ? alone(`${event.view} build started`) : null
    case 'view-finished':
      return alone(describeViewFinished(event))
    case 'view-failed': {
      const [first = ''] = messageOf(event.error).split('\n')
      const details = formatError(event.error, noColors, format).split('\n').slice(1)
      return {
        line: `${event.view} failed in ${event.stage}: ${withoutView(event.view, first)}`,
        details: outdent(details),
      }
    }
    case 'view-skipped':
      return alone(`${event.view} skipped, as ${event.because} failed`)
    case 'test-failed':
      return {
        line: summarizeTestFailure(event.view, event.failure),
        details: testFailureDetails(event.failure, noColors, format),
      }
    case 'swap-attempt':
      return alone(describeSwapAttempt(event))
    case 'notice':
      return alone(`note: ${event.message}`)
    case 'warning':
      return alone(
        `warning: ${event.view === undefined ? event.message : aboutView(event.view, event.message)}`,
      )
    case 'run-finished':
      return alone(describeRunFinished(event))
    default:
      return null // totals become a table at the end
  }
}

function alone(line: string): PlainLine {
  return { line, details: [] }
}

/** The line and its details as text. */
export function joinPlainLine({ line, details }: PlainLine): string {
  return [line, ...indent(details)].join('\n')
}
