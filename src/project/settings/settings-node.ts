import type { Place } from '../place.ts'

/**
 * Settings as they were written, each with its place. Both forms, `.conf` and YAML, become this tree; it is
 * checked, inherited and read without knowing which form it came from.
 */
export type SettingsNode = ScalarNode | ListNode | MapNode

/** One value: text, a number, true, false or null. */
export class ScalarNode {
  readonly value: string | number | boolean | null
  /** The value as written, without quotes: `007` where the value is the number 7. */
  readonly text: string
  /** Where the text begins, behind the quote. */
  readonly place: Place
  /** Quoted text is taken as it is: commas do not make it a list. */
  readonly quoted: boolean

  constructor(value: string | number | boolean | null, text: string, place: Place, quoted: boolean) {
    this.value = value
    this.text = text
    this.place = place
    this.quoted = quoted
  }
}

export class ListNode {
  readonly items: readonly SettingsNode[]
  readonly place: Place

  constructor(items: readonly SettingsNode[], place: Place) {
    this.items = items
    this.place = place
  }
}

export interface MapEntry {
  keyPlace: Place
  node: SettingsNode
}

export class MapNode {
  readonly entries: ReadonlyMap<string, MapEntry>
  readonly place: Place

  constructor(entries: ReadonlyMap<string, MapEntry>, place: Place) {
    this.entries = entries
    this.place = place
  }

  /** The node of a key, in this map or in the maps within it. */
  get(...path: readonly string[]): SettingsNode | undefined {
    return this.entry(...path)?.node
  }

  entry(...path: readonly string[]): MapEntry | undefined {
    const [first, ...rest] = path
    const entry = first === undefined ? undefined : this.entries.get(first)
    if (rest.length === 0) return entry
    return entry?.node instanceof MapNode ? entry.node.entry(...rest) : undefined
  }

  /** A copy in which keys have other nodes; undefined takes a key away. */
  with(changes: Readonly<Record<string, SettingsNode | undefined>>): MapNode {
    const entries = new Map(this.entries)
    for (const [key, node] of Object.entries(changes)) {
      if (node === undefined) entries.delete(key)
      else entries.set(key, { keyPlace: entries.get(key)?.keyPlace ?? node.place, node })
    }
    return new MapNode(entries, this.place)
  }
}

export function noSettings(file: string): MapNode {
  return new MapNode(new Map(), { file })
}

export function isNull(node: SettingsNode): boolean {
  return node instanceof ScalarNode && node.value === null
}

/** Where the value at a path stands, or the nearest place around it; `found` says whether it is there at all. */
export function locate(
  root: SettingsNode,
  path: readonly PropertyKey[],
): { place: Place; node: SettingsNode; found: boolean } {
  let node = root
  for (const step of path) {
    const next = child(node, step)
    if (next === undefined) return { place: node.place, node, found: false }
    node = next
  }
  return { place: node.place, node, found: true }
}

/** Where the last key of a path stands. */
export function locateKey(root: SettingsNode, path: readonly PropertyKey[]): Place {
  let node: SettingsNode | undefined = root
  for (const step of path.slice(0, -1)) node = node && child(node, step)
  const entry = node instanceof MapNode ? node.entry(String(path.at(-1))) : undefined
  return entry?.keyPlace ?? locate(root, path).place
}

function child(node: SettingsNode, step: PropertyKey): SettingsNode | undefined {
  if (node instanceof MapNode) return node.get(String(step))
  if (node instanceof ListNode) return node.items[Number(step)]
  return undefined
}
