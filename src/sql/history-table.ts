import type { Address } from './identifiers.ts'

/** The column that tells the copies in a history table apart. */
export const SNAPSHOT_COLUMN = 'snapshot_timestamp'

/** Where the dated copies of a view are kept: beside the view, under its name and `_history`. */
export function historyTable({ schema, name }: Address): Address {
  return { schema, name: `${name}_history` }
}
