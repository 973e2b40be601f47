import { createHash } from 'node:crypto'
import { cutIdentifier } from './identifiers.ts'

/**
 * A name with the mark of a version, `first__duro_new`, within so many bytes of UTF-8.
 *
 * One that would get too long is cut and told apart by a hash. That form ends in `_<hash>_new`, the short one in
 * `__duro_new`, and a hash never ends in `duro`: so no two names share a versioned one, however they are called.
 */
export function versionedName(name: string, version: string, maxBytes: number): string {
  const short = `${name}__duro_${version}`
  if (Buffer.byteLength(short) <= maxBytes) return short
  const suffix = `__duro_${hash(name)}_${version}`
  return cutIdentifier(name, maxBytes - suffix.length) + suffix
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}
