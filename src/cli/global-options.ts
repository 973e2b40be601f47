/** Options that every command takes. */
export interface GlobalOptions {
  /** Path of the project, or of a folder in it. */
  project?: string
  database?: string
  json?: boolean
  quiet?: boolean
  color?: boolean
}
