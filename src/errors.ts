/** Every way in which a run of duro can end badly; `cli/exit-codes.ts` maps them to exit codes. */
export type ErrorCode =
  | 'usage' // the command line
  | 'project' // files and settings
  | 'sql' // a view's SQL, before anything ran
  | 'graph' // a cycle, an unknown view
  | 'preflight' // the database does not allow what is planned
  | 'connection' // the database cannot be reached
  | 'locked' // another run holds the lock
  | 'build' // a view could not be built
  | 'test' // a data test or a limit on totals failed
  | 'swap' // the new set could not be published
  | 'validation' // the published set is not what was built
  | 'history' // published, and a dated copy could not be written
  | 'timeout' // the run took longer than it may
  | 'interrupted'
  | 'internal'

export interface DuroErrorOptions {
  /** What to do next, one sentence or a few lines. */
  hint?: string | undefined
  cause?: unknown
}

/** An error that a person can act on: what failed, on which view, and what to do next. */
export class DuroError extends Error {
  override readonly name: string = 'DuroError'
  readonly code: ErrorCode
  readonly hint: string | undefined

  constructor(code: ErrorCode, message: string, options: DuroErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.hint = options.hint
  }
}

/** One thing that is wrong in a user's file. */
export interface Problem {
  message: string
  /** Path relative to the project's root. */
  file: string
  /** Counted from 1; absent when the whole file is meant. */
  line?: number | undefined
  /** Counted from 1, in characters. */
  column?: number | undefined
  hint?: string | undefined
}

/** Everything that was found wrong in one pass over the project. */
export class ProblemsError extends DuroError {
  override readonly name = 'ProblemsError'
  readonly problems: readonly Problem[]

  constructor(code: ErrorCode, problems: readonly Problem[]) {
    const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`
    super(code, `${count} found, nothing was run`)
    this.problems = problems
  }
}

/** Where in the user's own text an error points. */
export interface SourceLocation {
  /** Path relative to the project's root. */
  file: string
  line: number
  column: number
  /** The text of that line, without its line break. */
  lineText: string
}

export interface SqlErrorOptions extends DuroErrorOptions {
  /** The five characters of the SQL standard, such as `22012`. */
  sqlState?: string | undefined
  detail?: string | undefined
  location?: SourceLocation | undefined
}

/** What the database server said about a statement, placed in the user's own file where that is possible. */
export class SqlError extends DuroError {
  override readonly name = 'SqlError'
  readonly sqlState: string | undefined
  readonly detail: string | undefined
  readonly location: SourceLocation | undefined

  constructor(code: ErrorCode, message: string, options: SqlErrorOptions = {}) {
    super(code, message, options)
    this.sqlState = options.sqlState
    this.detail = options.detail
    this.location = options.location
  }
}

/** A program that duro ran for a view did not do what it was to do. */
export class ProgramError extends DuroError {
  override readonly name = 'ProgramError'
  /** What it printed last; empty when it printed nothing. */
  readonly output: string

  constructor(message: string, options: DuroErrorOptions & { output: string }) {
    super('build', message, options)
    this.output = options.output
  }
}

export const isInterruption = (error: unknown): boolean =>
  error instanceof DuroError && error.code === 'interrupted'

/** Whatever was thrown, as an error. */
export const toError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)))
