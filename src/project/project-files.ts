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
  /** The file with the view's name: its select, or its `create table`. */
  file: { path: string; interval: FileInterval | null } | null
  test: string | null
  /** `name_select.sql`, what a processor reads. */
  input: string | null
  /** `name.py` */
  script: string | null
  /** `name_requirements.txt` */
  requirements: string | null
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

/** Whether there is a view to these files, be it without its most important one: a test or settings alone are none. */
export function isView({ file, input, script, requirements }: ViewFiles): boolean {
  return file !== null || input !== null || script !== null || requirements !== null
}
