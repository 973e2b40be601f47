import { further } from '../place.ts'
import { plainScalar } from './plain-scalar.ts'
import { isNull, ListNode, MapNode, ScalarNode, type SettingsNode } from './settings-node.ts'
import { splitList } from './split-list.ts'

const LISTS = ['grant_select', 'tags', 'depends_on', 'default_schema', 'env']

/**
 * Every setting in one form, so that layers can be merged and read in one way: text with commas becomes a list,
 * a single thing a list of one, and the shorthands of tests and indexes what they stand for.
 * What fits no form is left as it is, for the shape to be refused in its place.
 */
export function canonicalForm(root: MapNode): MapNode {
  const changes: Record<string, SettingsNode> = {}
  for (const [key, { node }] of root.entries) {
    if (LISTS.includes(key)) changes[key] = listOf(node)
    if (key === 'indexes') changes[key] = mapItems(listOf(node), canonicalIndex)
    if (key === 'sortkey') changes[key] = canonicalSortkey(node)
    if (key === 'iam' && node instanceof MapNode) changes[key] = listsIn(node, ['db_groups'])
    if (key === 'tests' && node instanceof MapNode) changes[key] = canonicalTests(node)
    if (key === 'defaults' && node instanceof MapNode) changes[key] = canonicalForm(node)
  }
  return root.with(changes)
}

/** `a, b` and `a` as lists; lists, and null, which resets, as they are. */
export function listOf(node: SettingsNode): SettingsNode {
  if (isNull(node) || node instanceof ListNode) return node
  if (!(node instanceof ScalarNode) || node.quoted) return new ListNode([node], node.place)
  const items = splitList(node.text).map(({ text, index }) => plainScalar(text, further(node.place, index)))
  return new ListNode(items, node.place)
}

/** `customer` stands for `{ columns: [customer] }`. */
function canonicalIndex(node: SettingsNode): SettingsNode {
  if (node instanceof ScalarNode) {
    const columns = new ListNode([node], node.place)
    return new MapNode(new Map([['columns', { keyPlace: node.place, node: columns }]]), node.place)
  }
  return node instanceof MapNode ? listsIn(node, ['columns', 'include']) : node
}

/** `a, b` stands for `{ compound: [a, b] }`. */
function canonicalSortkey(node: SettingsNode): SettingsNode {
  if (isNull(node)) return node
  if (node instanceof MapNode) return listsIn(node, ['compound', 'interleaved'])
  const entry = { keyPlace: node.place, node: listOf(node) }
  return new MapNode(new Map([['compound', entry]]), node.place)
}

function canonicalTests(tests: MapNode): MapNode {
  const unique = tests.get('unique')
  const accepted = tests.get('accepted_values')
  const relationships = tests.get('relationships')
  return listsIn(tests, ['not_null']).with({
    ...(unique && { unique: mapItems(listOf(unique), (item) => (isNull(item) ? item : asKey(item))) }),
    ...(accepted && { accepted_values: canonicalAcceptedValues(accepted) }),
    ...(relationships && { relationships: canonicalRelationships(relationships) }),
  })
}

/** `a` in a list of unique keys is the key `[a]`. */
function asKey(item: SettingsNode): SettingsNode {
  return item instanceof ScalarNode ? new ListNode([item], item.place) : item
}

/** `[{ column: status, values: [a, b] }]` is `{ status: [a, b] }`, which layers merge by column. */
function canonicalAcceptedValues(node: SettingsNode): SettingsNode {
  if (node instanceof MapNode) return listsIn(node, [...node.entries.keys()])
  if (!(node instanceof ListNode)) return node
  const entries = new Map<string, { keyPlace: ScalarNode['place']; node: SettingsNode }>()
  for (const item of node.items) {
    const column = item instanceof MapNode ? item.get('column') : undefined
    const values = item instanceof MapNode ? item.get('values') : undefined
    const exact = item instanceof MapNode && item.entries.size === 2
    if (!(column instanceof ScalarNode) || values === undefined || !exact || entries.has(column.text))
      return node
    entries.set(column.text, { keyPlace: column.place, node: listOf(values) })
  }
  return new MapNode(entries, node.place)
}

/** `{ customer: { to: first.people, field: id } }` is `[{ column: customer, to: first.people, field: id }]`. */
function canonicalRelationships(node: SettingsNode): SettingsNode {
  if (!(node instanceof MapNode)) return node
  if (node.get('column') instanceof ScalarNode) return new ListNode([node], node.place)
  const items = [...node.entries].map(([column, { keyPlace, node: target }]) =>
    target instanceof MapNode
      ? target.with({ column: new ScalarNode(column, column, keyPlace, true) })
      : target,
  )
  return new ListNode(items, node.place)
}

function listsIn(node: MapNode, keys: readonly string[]): MapNode {
  const changes: Record<string, SettingsNode> = {}
  for (const key of keys) {
    const value = node.get(key)
    if (value !== undefined) changes[key] = listOf(value)
  }
  return node.with(changes)
}

function mapItems(node: SettingsNode, change: (item: SettingsNode) => SettingsNode): SettingsNode {
  return node instanceof ListNode ? new ListNode(node.items.map(change), node.place) : node
}
