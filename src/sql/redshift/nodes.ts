import type { Span } from '../parser.ts'

/**
 * A node of the sdk's tree, of whatever kind. Most are wrapped in an object that says their type (`{ table: { … } }`),
 * others stand bare in a field; so they are told by their shape.
 */
export type Node = Record<string, unknown>

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Where a node stands in the masked statement; null for one that the sdk did not place. */
export function spanOf(value: unknown): Span | null {
  const span = isNode(value) ? value['span'] : undefined
  if (!isNode(span)) return null
  const { start, end } = span
  return typeof start === 'number' && typeof end === 'number' ? { start, end } : null
}

/** What names a relation. */
export function isTable(node: Node): boolean {
  return 'schema' in node && 'catalog' in node && isNode(node['name'])
}

/** A query with its clauses; the sides of a set operation are such queries. */
export function isSelect(node: Node): boolean {
  return 'expressions' in node && 'from' in node && 'joins' in node && 'where_clause' in node
}
