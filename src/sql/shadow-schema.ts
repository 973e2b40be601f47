import { maxIdentifierBytes } from './identifiers.ts'
import { versionedName } from './versioned-name.ts'

/** `old2` and so on: where an old version is kept while an older one cannot be dropped yet. */
export type ShadowVersion = 'new' | 'old' | `old${number}`

/**
 * The schema in which the new or old versions of a schema's views live: `first__duro_new`. No two schemas share a
 * shadow, however they are named.
 *
 * There is no way back from such a name to what it is: a user may have a schema of that name too. What duro owns is
 * known by its markers.
 */
export function shadowSchema(schema: string, version: ShadowVersion): string {
  return versionedName(schema, version, maxIdentifierBytes)
}
