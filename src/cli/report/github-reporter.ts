import { appendFileSync } from 'node:fs'
import { DuroError } from '../../errors.ts'
import type { ViewName } from '../../project/view.ts'
import { noColors } from '../colors.ts'
import type { Output } from '../output.ts'
import { aboutView } from './about-view.ts'
import { createErrorLog } from './error-log.ts'
import { formatError, messageOf } from './format-error.ts'
import { formatTotals } from './format-totals.ts'
import { annotateError, annotateTestFailure, titleOf } from './github-annotations.ts'
import { defuseCommands, escapeData, formatAnnotation, type Annotation } from './github-command.ts'
import { createGithubSummary } from './github-summary.ts'
import { describePlainly } from './plain-lines.ts'
import type { ReportContext, Reporter } from './reporter.ts'
import { createRepeats } from './repeats.ts'
import { createTotalsLog } from './totals-log.ts'

/**
 * For GitHub Actions, which reads commands in stdout and stderr alike: a group per stage, what went wrong as
 * annotations on the files, and a summary of the job. The runner adds times itself.
 */
export function createGithubReporter(output: Output, context: ReportContext): Reporter {
  const { github } = context
  const errors = createErrorLog()
  const totals = createTotalsLog()
  const repeats = createRepeats()
  const summary = createGithubSummary()
  const tested = new Set<ViewName>()
  const format = { debug: context.debug }
  let open = false
  let failed = false

  const print = (text: string): void => output.stderr(defuseCommands(text))
  const annotate = (annotations: readonly Annotation[]): void => {
    for (const annotation of annotations) {
      // Masked before it is escaped: an escaped secret is another text.
      const message = output.redact(annotation.message)
      output.stderr(formatAnnotation({ ...annotation, message }))
    }
  }
  const endGroup = (): void => {
    if (open) output.stderr('::endgroup::')
    open = false
  }
  const printTotals = (): void => {
    const compared = totals.take()
    summary.addTotals(compared)
    const table = formatTotals(compared, output.colors)
    if (table !== '') output.stdout(defuseCommands(table))
  }

  return {
    emit(event) {
      summary.add(event)
      switch (event.type) {
        case 'stage-started':
          endGroup()
          output.stderr(`::group::${escapeData(event.stage)}`)
          open = true
          return
        case 'view-failed': {
          if (errors.has(event.error)) return
          // Its tests have been annotated one by one, and GitHub shows ten annotations of a step.
          if (tested.has(event.view)) print(aboutView(event.view, messageOf(event.error)))
          else annotate(annotateError(event.error, `${event.view} failed in ${event.stage}`, github, format))
          failed = true
          errors.add(event.error)
          return
        }
        case 'test-failed':
          annotate([annotateTestFailure(event.view, event.failure, github)])
          failed = true
          tested.add(event.view)
          errors.add(event.failure.error)
          return
        case 'warning':
          annotate([{ level: 'warning', title: event.view, message: event.message }])
          return
        case 'totals-compared':
          totals.add(event.comparisons)
          return
        default: {
          const described = describePlainly(event)
          if (event.type === 'run-finished') endGroup()
          if (described !== null && !repeats.isRepeated(event)) print(described.line)
          if (event.type === 'stage-finished') endGroup()
          if (event.type === 'run-finished') printTotals()
        }
      }
    },
    error(error) {
      endGroup()
      if (errors.has(error)) return
      // Where every failed view is annotated, an error that counts them is not worth an annotation of its own.
      const counts = failed && error instanceof DuroError && (error.code === 'build' || error.code === 'test')
      if (counts) print(formatError(error, noColors, { ...format, known: errors }))
      else annotate(annotateError(error, titleOf(error), github, { ...format, known: errors }))
      summary.addError(error)
      errors.add(error)
    },
    close() {
      endGroup()
      printTotals()
      writeSummary(output.redact(summary.take()), github.summaryFile, output)
    },
  }
}

function writeSummary(markdown: string, file: string | null, output: Output): void {
  if (markdown === '' || file === null) return
  try {
    appendFileSync(file, markdown)
  } catch (error) {
    output.stderr(
      formatAnnotation({ level: 'warning', message: `the step summary was not written: ${String(error)}` }),
    )
  }
}
