/** A relation as a select names it; null: looked up along the search path. */
export interface SourceName {
  schema: string | null
  name: string
}

/** A relation that a source is, or leads to through views and functions. */
export interface ReachedSource {
  /** The source as the select names it, or a function that a view calls, as `schema.name()`. */
  source: string
  /** That calls the function; absent where it is the text of a view that names the source. */
  view?: string
  schema: string
  name: string
  /** A foreign table: what it shows belongs to no snapshot of this server. */
  foreign: boolean
}
