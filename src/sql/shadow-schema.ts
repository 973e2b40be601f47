import { createHash } from 'node:crypto'
import { cutIdentifier, maxIdentifierBytes } from './identifiers.ts'

/** `old2` and so on: where an old version is kept while an older one cannot be dropped yet. */
export type ShadowVersion = 'new' | 'old' | `old${number}`

/**
 * The schema in which the new or old versions of a schema's views live: `first__duro_new`.
 *
 * A name that would get too long is cut and told apart by a hash. That form ends in `_<hash>_new`, the short one in
 * `__duro_new`, and a hash never ends in `duro`: so no two schemas share a shadow, however they are named.
 *
 * There is no way back from such a name to what it is: a user may have a schema of that name too. What duro owns is
 * known by its markers.
 */
export function shadowSchema(schema: string, version: ShadowVersion): string {
  const short = `${schema}__duro_${version}`
  if (Buffer.byteLength(short) <= maxIdentifierBytes) return short
  const suffix = `__duro_${hash(schema)}_${version}`
  return cutIdentifier(schema, maxIdentifierBytes - suffix.length) + suffix
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}
