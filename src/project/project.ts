import type { EngineName } from '../sql/engine-name.ts'
import type { IamSettings, S3Settings } from './aws-settings.ts'
import type { View, ViewName } from './view.ts'

/** `database:` as duro.yaml has it; `resolveDatabase` fills in its `${VAR}`, and only when it is the one used. */
export interface DatabaseSetting {
  /** `embedded` or a `postgres://` URL. The variables stay names, so that no secret is kept here. */
  text: string
  /** Where the text stands, for what is wrong with it. */
  file: string
  line?: number | undefined
  column?: number | undefined
}

/** What duro.yaml says, defaults filled in; durations are in milliseconds. */
export interface ProjectSettings {
  /** Null when the file names none. */
  database: DatabaseSetting | null
  /** Null when the file names none: the URL and the server tell. */
  engine: EngineName | null
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
  /** How the tables get the rows of their selects. */
  fillTables: 'copy' | 'insert'
  /** How long a run may take until it publishes; null: as long as it takes. */
  timeout: number | null
  /** The old version stays until the next run, for `duro swap --back`. */
  keepPrevious: boolean
  /** How long the history of runs is kept. */
  historyStoredFor: number
  /** Where rows wait for Redshift to load them; null: nowhere. */
  s3: S3Settings | null
  /** Who is asked for the password of the database; null: it is in the URL. */
  iam: IamSettings | null
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
  /** The folder of views, relative to the root. */
  folder: string
  /** In the order of their names. */
  views: ReadonlyMap<ViewName, View>
}
