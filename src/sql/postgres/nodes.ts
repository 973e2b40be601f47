import type { ColumnRef, RangeVar, TypeName } from 'libpg-query'

/**
 * A node of libpg-query's JSON, of whatever kind. Some nodes are wrapped in an object that says their type
 * (`{ RangeVar: { … } }`), others stand bare in a field; so they are told by their shape, which no two share.
 */
export type Node = Record<string, unknown>

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function isRangeVar(node: Node): node is Node & RangeVar {
  return typeof node['relname'] === 'string' && typeof node['relpersistence'] === 'string'
}

export function isColumnRef(node: Node): node is Node & ColumnRef {
  return Array.isArray(node['fields'])
}

export function isTypeName(node: Node): node is Node & TypeName {
  return Array.isArray(node['names']) && typeof node['typemod'] === 'number'
}

/** The text of a `String` node; null for any other, such as the star in `first.cities.*`. */
export function stringOf(value: unknown): string | null {
  const string = isNode(value) ? value['String'] : undefined
  if (!isNode(string)) return null
  return typeof string['sval'] === 'string' ? string['sval'] : ''
}

/** The texts of a list of `String` nodes, such as a qualified name; null when there is anything else in it. */
export function stringsOf(values: unknown): string[] | null {
  if (!Array.isArray(values)) return null
  const strings = values.map(stringOf)
  return strings.every((string) => string !== null) ? strings : null
}

/** Where a node begins, in bytes; null for a node that the parser made up. The JSON leaves a zero out. */
export function locationOf(node: Node): number | null {
  const location = node['location'] ?? 0
  return typeof location === 'number' && location >= 0 ? location : null
}
