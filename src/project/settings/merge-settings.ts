import { EDITABLE_LISTS, editList } from './edit-list.ts'
import { isNull, ListNode, MapNode, type MapEntry, type SettingsNode } from './settings-node.ts'

/**
 * The layers of a view's settings as one, the weakest first. Maps are merged key by key, `grant_select` and `tags`
 * may edit what they inherit, everything else replaces it, and null takes it away.
 */
export function mergeSettings(layers: readonly MapNode[]): MapNode {
  const [first] = layers
  const place = first?.place ?? { file: '' }
  return layers.reduce(merge, new MapNode(new Map(), place))
}

function merge(weaker: MapNode, stronger: MapNode): MapNode {
  const entries = new Map(weaker.entries)
  for (const [key, entry] of stronger.entries) {
    const inherited = entries.get(key)
    const node = mergeNode(key, inherited?.node, entry.node)
    if (node === undefined) entries.delete(key)
    else entries.set(key, { keyPlace: keyPlaceOf(entry, inherited, node), node })
  }
  return new MapNode(entries, stronger.place)
}

function mergeNode(
  key: string,
  inherited: SettingsNode | undefined,
  own: SettingsNode,
): SettingsNode | undefined {
  if (isNull(own)) return undefined
  if (EDITABLE_LISTS.includes(key) && own instanceof ListNode) return editList(inherited, own)
  if (!(own instanceof MapNode)) return own
  // These are said as a whole: two kinds of an import, or the columns of one query on another, would make none.
  if (key === 'import' || key === 'sortkey') return merge(new MapNode(new Map(), own.place), own)
  // Also where nothing is inherited: a null within must not survive.
  return merge(inherited instanceof MapNode ? inherited : new MapNode(new Map(), own.place), own)
}

/** Where a setting was said last. */
function keyPlaceOf(
  entry: MapEntry,
  inherited: MapEntry | undefined,
  node: SettingsNode,
): MapEntry['keyPlace'] {
  return node === inherited?.node ? inherited.keyPlace : entry.keyPlace
}
