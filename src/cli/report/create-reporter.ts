import type { Output } from '../output.ts'
import { createGithubReporter } from './github-reporter.ts'
import { createJsonReporter } from './json-reporter.ts'
import { createPlainReporter } from './plain-reporter.ts'
import { createQuietReporter } from './quiet-reporter.ts'
import type { ReportContext, Reporter, ReporterKind } from './reporter.ts'
import { createSpinner } from './spinner.ts'
import { createTerminalReporter } from './terminal-reporter.ts'

type Create = (output: Output, context: ReportContext) => Reporter

const creators: Readonly<Record<ReporterKind, Create>> = {
  terminal: (output, context) => createTerminalReporter(output, context, createSpinner(output)),
  plain: createPlainReporter,
  json: createJsonReporter,
  github: createGithubReporter,
  quiet: createQuietReporter,
}

export function createReporter(kind: ReporterKind, output: Output, context: ReportContext): Reporter {
  return creators[kind](output, context)
}
