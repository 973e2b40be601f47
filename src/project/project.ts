import type { View, ViewName } from './view.ts'

/** What duro.yaml says, defaults filled in; durations are in milliseconds. */
export interface ProjectSettings {
  /** `embedded`, a `postgres://` URL with its `${VAR}` filled in, or null when the file names none. */
  database: string | null
  engine: 'postgres' | null
  /** Where unqualified names are looked up, in order; `public` comes last when it is not named. */
  defaultSchema: readonly string[]
  /** The schema that holds duro's own tables. */
  stateSchema: string
  /** For views that nobody reads and that have no interval of their own. */
  defaultInterval: number | null
  /** How many views are built at once. */
  concurrency: number
  /** All views of a run read the sources at the same moment. */
  oneInstant: boolean
  /** The old version stays until the next run, for `duro swap --back`. */
  keepPrevious: boolean
  /** How long the history of runs is kept. */
  historyStoredFor: number
  swap: {
    /** How long the swap is tried again when readers are in the way. */
    giveUpAfter: number
  }
}

/** A folder of views, loaded and checked: nothing in it is known to be wrong. */
export interface Project {
  /** Absolute path of the folder with duro.yaml. */
  root: string
  settings: ProjectSettings
  /** In the order of their names. */
  views: ReadonlyMap<ViewName, View>
}
