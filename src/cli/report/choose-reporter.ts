import type { ReporterKind } from './reporter.ts'

export interface ReporterFlags {
  json?: boolean | undefined
  quiet?: boolean | undefined
}

/** What was asked for comes first, then who listens: GitHub, a person at a terminal, or a log. */
export function chooseReporter(
  flags: ReporterFlags,
  isTerminal: boolean,
  env: Readonly<Record<string, string | undefined>>,
): ReporterKind {
  if (flags.json === true) return 'json'
  if (flags.quiet === true) return 'quiet'
  if (env['GITHUB_ACTIONS'] === 'true') return 'github'
  // CI services that offer a pseudo-terminal record it; a line that redraws itself fills their logs.
  return isTerminal && !isSet(env['CI']) ? 'terminal' : 'plain'
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== 'false'
}
