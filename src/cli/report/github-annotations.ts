import path from 'node:path'
import { DuroError, ProblemsError, SqlError } from '../../errors.ts'
import type { TestFailure } from '../../events.ts'
import type { ViewName } from '../../project/view.ts'
import { noColors } from '../colors.ts'
import { errorsIn } from '../errors-in.ts'
import { formatError, messageOf, type ErrorFormat } from './format-error.ts'
import { summarizeTestFailure, testFailureDetails } from './format-test-failure.ts'
import type { Annotation } from './github-command.ts'
import type { ReportContext } from './reporter.ts'

/** What went wrong, at the places in the repository where it did. */
export function annotateError(
  error: unknown,
  title: string,
  github: ReportContext['github'],
  format: ErrorFormat = {},
): Annotation[] {
  if (error instanceof ProblemsError) {
    return error.problems.map(({ file, line, column, message, hint }) => ({
      level: 'error',
      title,
      file: repositoryPath(file, github),
      line,
      column,
      message: hint === undefined ? message : `${message}\n${hint}`,
    }))
  }
  const news = [...errorsIn(error)].filter((inner) => format.known?.has(inner) !== true)
  const location = news.find((inner) => inner instanceof SqlError)?.location
  const place =
    location === undefined
      ? {}
      : { file: repositoryPath(location.file, github), line: location.line, column: location.column }
  return [{ level: 'error', title, ...place, message: withoutLabel(formatError(error, noColors, format)) }]
}

export function annotateTestFailure(
  view: ViewName,
  failure: TestFailure,
  github: ReportContext['github'],
): Annotation {
  return {
    level: 'error',
    title: `${view}: ${failure.test}`,
    file: failure.file === null ? undefined : repositoryPath(failure.file, github),
    line: failure.line,
    message: [summarizeTestFailure(view, failure), ...testFailureDetails(failure, noColors)].join('\n'),
  }
}

/** The title of an error that ended the command. */
export function titleOf(error: unknown): string {
  return error instanceof DuroError ? `duro: ${error.code}` : `duro: ${messageOf(error)}`
}

function repositoryPath(file: string, { workspace, projectRoot }: ReportContext['github']): string {
  if (workspace === null) return file
  const relative = path.relative(workspace, path.join(projectRoot, file))
  return relative.startsWith('..') ? file : relative.split(path.sep).join('/')
}

/** GitHub puts its own `Error:` before an annotation. */
function withoutLabel(text: string): string {
  return text.replace(/^error: /, '')
}
