import type { ReferenceKind } from '../parser.ts'
import { fromCast } from './named-in-casts.ts'
import type { NamedInArray, NamedRelation } from './named-relation.ts'
import { type Node, isColumnRef, isRangeVar, isTypeName, locationOf, stringOf, stringsOf } from './nodes.ts'
import { isBuiltIn } from './read-name.ts'

/**
 * The relations that a single node names, apart from the nodes within it; null, of most nodes, when it names none.
 * @param ctes the names that hide an unqualified relation
 */
export function namedRelations(
  node: Node,
  ctes: ReadonlySet<string>,
): readonly (NamedRelation | NamedInArray)[] | null {
  const found = isRangeVar(node)
    ? fromRangeVar(node, ctes)
    : isColumnRef(node)
      ? fromColumnRef(node)
      : isTypeName(node)
        ? fromTypeName(node)
        : fromCast(node)
  return found !== null && 'kind' in found ? [found] : found
}

function fromRangeVar(node: Node, ctes: ReadonlySet<string>): NamedRelation | null {
  const { catalogname, schemaname, relname } = node
  if (schemaname === undefined && typeof relname === 'string' && ctes.has(relname)) return null
  return named('relation', [catalogname, schemaname, relname], node)
}

/**
 * The server reads `a.b` as table and column and `a.b.c` as schema, table and column, never otherwise; and it finds
 * the table by its identity, so `first.cities.city` is right also after `from cities`. Hence no scope is needed here.
 */
function fromColumnRef(node: Node): NamedRelation | null {
  const fields = Array.isArray(node['fields']) ? node['fields'].slice(0, -1) : []
  if (fields.length < 2) return null
  return named('column-qualifier', fields.map(stringOf), node)
}

function fromTypeName(node: Node): NamedRelation | null {
  const names = stringsOf(node['names'])
  return names === null || isBuiltIn(names) ? null : named('type', names, node)
}

function named(kind: ReferenceKind, parts: readonly unknown[], node: Node): NamedRelation | null {
  const location = locationOf(node)
  const written = parts.filter((part) => typeof part === 'string')
  return location === null || written.length > 3 ? null : { kind, parts: written, location }
}
