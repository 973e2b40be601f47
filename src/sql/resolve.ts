import type { Address } from './identifiers.ts'
import type { Reference } from './parser.ts'

/**
 * Which managed view a reference means: for an unqualified name the first schema of the search path that has a view
 * of this name. Only the catalog knows whether a table earlier in the path hides it: see
 * `findHiddenViews`.
 */
export function resolveReference(
  reference: Reference,
  searchPath: readonly string[],
  isManaged: (address: Address) => boolean,
): Address | null {
  const schemas = reference.schema === null ? searchPath : [reference.schema]
  const addresses = schemas.map((schema) => ({ schema, name: reference.name }))
  return addresses.find(isManaged) ?? null
}
