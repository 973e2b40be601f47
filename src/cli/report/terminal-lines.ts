import type { RunEvent, Stage } from '../../events.ts'
import type { Colors } from '../colors.ts'
import { describeRunFinished, describeRunStarted, describeSwapAttempt } from './describe-event.ts'
import type { ErrorFormat } from './format-error.ts'
import { formatCount } from './format-count.ts'
import { formatDuration } from './format-duration.ts'
import { summarizeTestFailure, testFailureDetails } from './format-test-failure.ts'
import { indent } from './format-table.ts'
import { padToWidth, printable, textWidth } from './text-width.ts'

/** Names longer than this do not push the columns of the others away. */
const widestName = 50
/** `123,456,789 rows` and `12 min 30 s` stay in their columns. */
const rowsColumn = 16
const durationColumn = 11

/** What stays on the terminal of a run, event by event. */
export interface TerminalLines {
  /** Lines for the event, none when it only moves the progress on. */
  of(event: RunEvent, format: ErrorFormat): string[]
}

export function createTerminalLines(colors: Colors): TerminalLines {
  let nameColumn = 0
  let finished = 0
  let failed = 0

  const mark = {
    done: colors.green('✓'),
    failed: colors.red('✗'),
    aside: colors.dim('-'),
    warning: colors.yellow('!'),
  }
  const columns = (name: string, rows: string, duration: string): string =>
    [
      padToWidth(name, nameColumn),
      padToWidth(rows, rowsColumn, 'right'),
      colors.dim(padToWidth(duration, durationColumn, 'right')),
    ].join('  ')

  const stageLine = (stage: Stage, duration: number): string[] => {
    if (failed > 0) return [`${mark.failed} ${colors.bold(stage)}  ${formatCount(failed, 'view')} failed`]
    const count = finished === 0 ? '' : formatCount(finished, 'view')
    return [`${mark.done} ${columns(colors.bold(stage), count, formatDuration(duration))}`]
  }

  return {
    of(event, format) {
      switch (event.type) {
        case 'run-started':
          nameColumn = Math.min(widestName, Math.max('record totals'.length, ...event.views.map(textWidth)))
          return [colors.dim(describeRunStarted(event))]
        case 'waiting-for-lock':
          return [`${mark.aside} waits for another run to end: ${printable(event.holder)}`]
        case 'stage-started':
          finished = 0
          failed = 0
          return []
        case 'stage-finished':
          return stageLine(event.stage, event.duration)
        case 'view-finished': {
          finished++
          // The other stages are quick; a line of their own tells enough.
          if (event.stage !== 'build') return []
          const rows = event.rows === null ? '' : formatCount(event.rows, 'row')
          return [`${mark.done} ${columns(event.view, rows, formatDuration(event.duration))}`]
        }
        case 'view-failed':
          failed++
          return [`${mark.failed} ${event.view} ${colors.red(`failed in ${event.stage}`)}`]
        case 'view-skipped':
          return [
            `${mark.aside} ${padToWidth(event.view, nameColumn)}  ${colors.dim(`skipped, as ${event.because} failed`)}`,
          ]
        case 'test-failed':
          return [
            `${mark.failed} ${summarizeTestFailure(event.view, event.failure)}`,
            ...indent(testFailureDetails(event.failure, colors, format), '    '),
          ]
        case 'swap-attempt':
          return event.outcome === 'blocked' ? [] : [`${mark.done} ${describeSwapAttempt(event)}`]
        case 'notice':
          return [`${mark.aside} ${event.message}`]
        case 'warning':
          return [`${mark.warning} ${event.view === undefined ? '' : `${event.view}: `}${event.message}`]
        case 'run-finished':
          return [finish(describeRunFinished(event), event.outcome, colors)]
        default:
          return []
      }
    },
  }
}

function finish(text: string, outcome: string, colors: Colors): string {
  if (outcome === 'failed') return colors.bold(colors.red(text))
  return colors.bold(outcome === 'interrupted' ? colors.yellow(text) : text)
}
