import type { ParsedStatement } from '../parser.ts'
import { type Node, isNode, spanOf } from './nodes.ts'

export interface StatementParts {
  kind: ParsedStatement['kind']
  /** The offset of what a `create table` makes. */
  target: number | null
  /** The tree, without what it makes where that is no reference. */
  read: Node
}

const queries = new Set(['select', 'union', 'intersect', 'except', 'subquery', 'values'])

/** What the tree says of the statement as a whole. */
export function readStatement(tree: Node): StatementParts {
  const [type = '', node] = Object.entries(tree)[0] ?? []
  if (queries.has(type)) return { kind: 'select', target: null, read: tree }
  if (!type.startsWith('create_') || !isNode(node)) return { kind: 'other', target: null, read: tree }
  if (type !== 'create_table' || node['as_select'] !== null) {
    return { kind: 'other', target: null, read: { ...node, name: null } }
  }
  const made = isNode(node['name']) ? node['name'] : {}
  const first = spanOf(made['catalog']) ?? spanOf(made['schema']) ?? spanOf(made['name'])
  return { kind: 'create-table', target: first?.start ?? null, read: tree }
}
