import { maxRedshiftIdentifierBytes } from './identifiers.ts'
import { versionedName } from './versioned-name.ts'

/**
 * What the new or old version of a relation is called on Redshift, in the relation's own schema: `cities__duro_new`.
 * Never longer than Redshift keeps, and never shared by two relations of a schema; a long name is cut and told apart by
 * a hash, so there is no way back from it.
 */
export function suffixedName(name: string, suffix: '__duro_new' | '__duro_old'): string {
  return versionedName(name, suffix === '__duro_new' ? 'new' : 'old', maxRedshiftIdentifierBytes)
}
