import type { RunEvent, Stage } from '../../events.ts'
import type { ViewName } from '../../project/view.ts'
import type { Colors } from '../colors.ts'
import { aboutView } from './about-view.ts'
import { describeRunFinished, describeRunStarted, describeSwapAttempt } from './describe-event.ts'
import { formatError, type ErrorFormat } from './format-error.ts'
import { formatCount } from './format-count.ts'
import { formatDuration } from './format-duration.ts'
import { summarizeTestFailure, testFailureDetails } from './format-test-failure.ts'
import { indent } from './format-table.ts'
import { cutToWidth, padToWidth, printable, textWidth } from './text-width.ts'

/** `123,456,789 rows` and `12 min 30 s` stay in their columns. */
const rowsColumn = 16
const durationColumn = 11
/** What a line needs besides its name: mark, rows, duration and the gaps between them. */
const besideName = 2 + 2 + rowsColumn + 2 + durationColumn
const shortestName = 20
const underMark = '    '

export interface TerminalFormat {
  columns: number
  debug: boolean
  /** Errors that were printed before, and are not told again. */
  known: { has(error: unknown): boolean }
}

interface Columns {
  name: string
  rows: string
  duration: string
}

/** What stays on the terminal of a run, event by event. */
export interface TerminalLines {
  /** Lines for the event, none when it only moves the progress on. */
  of(event: RunEvent, format: TerminalFormat): string[]
}

export function createTerminalLines(colors: Colors): TerminalLines {
  let longestName = 0
  let finished = 0
  let failed = 0

  const mark = {
    done: colors.green('✓'),
    failed: colors.red('✗'),
    aside: colors.dim('-'),
    warning: colors.yellow('!'),
  }
  /** `name  rows  duration`, aligned where the terminal is wide enough. */
  const columns = (texts: Columns, width: number, paintName: (text: string) => string = String): string => {
    const { name, rows, duration } = texts
    const nameColumn = Math.min(longestName, width - besideName)
    if (nameColumn < Math.min(longestName, shortestName)) {
      return cutToWidth([name, rows, duration].filter((text) => text !== '').join('  '), width - 3)
    }
    return [
      paintName(padToWidth(cutToWidth(name, nameColumn), nameColumn)),
      padToWidth(rows, rowsColumn, 'right'),
      colors.dim(padToWidth(duration, durationColumn, 'right')),
    ].join('  ')
  }
  const stageLine = (stage: Stage, duration: string, width: number): string[] => {
    if (failed > 0) return [`${mark.failed} ${colors.bold(stage)}  ${formatCount(failed, 'view')} failed`]
    const rows = finished === 0 ? '' : formatCount(finished, 'view')
    return [`${mark.done} ${columns({ name: stage, rows, duration }, width, colors.bold)}`]
  }

  return {
    of(event, format) {
      switch (event.type) {
        case 'run-started':
          longestName = Math.max('record totals'.length, ...event.views.map(textWidth))
          return [colors.dim(describeRunStarted(event))]
        case 'waiting-for-lock':
          return [`${mark.aside} waits for another run to end: ${printable(event.holder)}`]
        case 'stage-started':
          finished = 0
          failed = 0
          return []
        case 'stage-finished':
          return stageLine(event.stage, formatDuration(event.duration), format.columns)
        case 'view-finished': {
          finished++
          // The other stages are quick; a line of their own tells enough.
          if (event.stage !== 'build') return []
          const rows = event.rows === null ? '' : formatCount(event.rows, 'row')
          const texts = { name: event.view, rows, duration: formatDuration(event.duration) }
          return [`${mark.done} ${columns(texts, format.columns)}`]
        }
        case 'view-failed':
          failed++
          return [
            `${mark.failed} ${event.view} ${colors.red(`failed in ${event.stage}`)}`,
            ...(format.known.has(event.error)
              ? []
              : indent(formatError(event.error, colors, below(event.view, format)).split('\n'), underMark)),
          ]
        case 'view-skipped':
          return [`${mark.aside} ${event.view} ${colors.dim(`skipped, as ${event.because} failed`)}`]
        case 'test-failed':
          return [
            `${mark.failed} ${summarizeTestFailure(event.view, event.failure)}`,
            ...indent(testFailureDetails(event.failure, colors, below(event.view, format)), underMark),
          ]
        case 'swap-attempt':
          return event.outcome === 'blocked' ? [] : [`${mark.done} ${describeSwapAttempt(event)}`]
        case 'notice':
          return [`${mark.aside} ${event.message}`]
        case 'warning':
          return [
            `${mark.warning} ${event.view === undefined ? event.message : aboutView(event.view, event.message)}`,
          ]
        case 'run-finished':
          return [finish(describeRunFinished(event), event.outcome, colors)]
        default:
          return []
      }
    },
  }
}

/** For what is indented below a mark. */
function below(view: ViewName, format: TerminalFormat): ErrorFormat {
  return { ...format, columns: format.columns - underMark.length, below: view }
}

function finish(text: string, outcome: string, colors: Colors): string {
  if (outcome === 'failed') return colors.bold(colors.red(text))
  return colors.bold(outcome === 'interrupted' ? colors.yellow(text) : text)
}
