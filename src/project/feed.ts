import type { Import } from '../import/import.ts'
import type { StatementFile, TextFile } from './view.ts'

/**
 * What gives a view its rows where that is not a select alone. The view's own file then holds a `create table`, and the
 * rows come as CSV.
 */
export type Feed =
  | {
      kind: 'processor'
      /** Its rows are what the processor reads. */
      select: StatementFile
      processor: Processor
    }
  | {
      kind: 'import'
      import: Import
      /** Those of the import's words that are files beside the view. */
      files: readonly TextFile[]
    }

/** A program between a select and a table. It is given two paths: the CSV to read, and the CSV to write. */
export type Processor =
  | { kind: 'python'; script: TextFile; requirements: TextFile | null }
  | {
      kind: 'command'
      command: readonly string[]
      /** Those of its words that are files beside the view. */
      files: readonly TextFile[]
    }

/** The user's files that a feed consists of, beside its SQL. */
export function filesOf(feed: Feed): readonly TextFile[] {
  if (feed.kind === 'import') return feed.files
  const { processor } = feed
  if (processor.kind === 'command') return processor.files
  return processor.requirements === null ? [processor.script] : [processor.script, processor.requirements]
}
