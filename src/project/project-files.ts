import type { FileInterval } from './file-name.ts'
import type { ViewName } from './view.ts'

/** Settings for one thing may lie outside the schema's folder, which is weaker, and inside. */
export interface SettingsFiles {
  outside: string | null
  inside: string | null
}

/** The files of one view, by their paths; not every set of files has a view. */
export interface ViewFiles {
  name: ViewName
  schema: string
  relation: string
  select: { path: string; interval: FileInterval | null } | null
  test: string | null
  /** The first of the files that only a processor has. */
  processor: string | null
  settings: SettingsFiles
}

/** What lies in the folder of views, sorted by what it belongs to. */
export interface ProjectFiles {
  views: ReadonlyMap<ViewName, ViewFiles>
  /** Settings for every view. */
  global: string | null
  schemas: ReadonlyMap<string, SettingsFiles>
  /** SQL files with a wrong name. Their SQL is checked all the same. */
  misplaced: readonly string[]
}
