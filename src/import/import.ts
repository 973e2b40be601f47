import type { Lookup } from '../project/expand-variables.ts'

/** Rows that come from outside of the database, as the settings of a view describe them. */
export interface Import {
  /** Its key in the settings: `dune`. */
  kind: string
  /** Everything that decides which rows come, on one line: when it changes, the view is rebuilt. */
  definition: string
  /** What `plan --sql` shows in its place. */
  description: string
  /** Words that may be names of files beside the view; those that are belong to the definition. */
  words: readonly string[]
  /** Variables that hold its secrets: they are masked in all output, and no script gets to see them. */
  secrets: readonly string[]
  /** Writes the rows as CSV. @throws DuroError */
  write(context: ImportContext): Promise<void>
}

export interface ImportContext {
  /** How messages begin: `first.events could not be built`. */
  failed: string
  /** Where the CSV has to be, UTF-8, with the names of the columns in its first line. Nothing is there yet. */
  output: string
  variables: Lookup
  /** Runs a program in the private folder of the view. Words that are files beside the view become full paths. */
  run: (command: readonly string[]) => Promise<void>
  /** Says something worth knowing. */
  notice: (message: string) => void
  signal: AbortSignal
}
