import type { RunEvent } from '../../events.ts'

/** Makes a run visible. */
export interface Reporter {
  readonly emit: (event: RunEvent) => void
  /** How the command ended, where it did not end well; what was printed before is not repeated. */
  error(error: unknown): void
  /** Ends the live line and prints what was held back; may be called twice. */
  close(): void
}

export type ReporterKind = 'terminal' | 'plain' | 'json' | 'github' | 'quiet'

/** What a reporter knows of the world besides the events. */
export interface ReportContext {
  now(): Date
  /** `DURO_DEBUG` is set: stack traces are printed. */
  debug: boolean
  github: {
    /** `GITHUB_STEP_SUMMARY`, a file to append markdown to. */
    summaryFile: string | null
    /** `GITHUB_WORKSPACE`: annotations name files relative to it. */
    workspace: string | null
    /** The folder with duro.yaml, that paths in errors are relative to. */
    projectRoot: string
  }
}

export function createReportContext(
  env: Readonly<Record<string, string | undefined>>,
  projectRoot: string,
): ReportContext {
  const given = (name: string): string | null => env[name] || null
  return {
    now: () => new Date(),
    debug: given('DURO_DEBUG') !== null,
    github: { summaryFile: given('GITHUB_STEP_SUMMARY'), workspace: given('GITHUB_WORKSPACE'), projectRoot },
  }
}
