import type { Address } from './identifiers.ts'
import type { Reference } from './parser.ts'

/**
 * The server looks here before it looks along the search path, unless that says otherwise. All its relations begin so;
 * which names of this kind there are differs by version.
 */
export const SYSTEM_SCHEMA = 'pg_catalog'
export const isSystemName = (name: string): boolean => name.startsWith('pg_')

/**
 * Which managed view a reference means: for an unqualified name the first schema of the search path that has a view
 * of this name. What could be a relation of the system is none of a project. Only the catalog knows whether it is, and
 * whether a table earlier in the path hides a view: see `findHiddenViews`.
 */
export function resolveReference(
  reference: Reference,
  searchPath: readonly string[],
  isManaged: (address: Address) => boolean,
): Address | null {
  const schemas = reference.schema === null ? pathFor(reference.name, searchPath) : [reference.schema]
  const addresses = schemas.map((schema) => ({ schema, name: reference.name }))
  return addresses.find(isManaged) ?? null
}

function pathFor(name: string, searchPath: readonly string[]): readonly string[] {
  return isSystemName(name) ? searchPath.slice(0, Math.max(searchPath.indexOf(SYSTEM_SCHEMA), 0)) : searchPath
}
