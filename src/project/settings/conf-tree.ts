import type { Place } from '../place.ts'
import type { ProblemList } from '../problem-list.ts'
import { listOf } from './canonical-form.ts'
import { EDITABLE_LISTS, isEdit } from './edit-list.ts'
import { ListNode, MapNode, ScalarNode, type MapEntry, type SettingsNode } from './settings-node.ts'

/** Grows from the lines of a `.conf` file into the tree that YAML would have given. */
export class ConfTree {
  readonly #entries = new Map<string, MapEntry>()
  readonly #place: Place
  readonly #problems: ProblemList

  constructor(place: Place, problems: ProblemList) {
    this.#place = place
    this.#problems = problems
  }

  root(): MapNode {
    return new MapNode(this.#entries, this.#place)
  }

  set(path: readonly string[], operator: string, value: SettingsNode, place: Place): void {
    const name = path.join('.')
    const editable = EDITABLE_LISTS.includes(name)
    if (operator !== '' && !editable) {
      const hint = `${EDITABLE_LISTS.join(' and ')} do.`
      this.#problems.add(place, `${name} does not take "${operator}="`, hint)
    } else if (operator !== '' || (editable && this.#entries.has(name))) {
      this.#combine(name, operator, value, place)
    } else {
      this.#insert(path, value, place)
    }
  }

  /** `grant_select = a` and `grant_select += b`, in any order and number, are one list. */
  #combine(name: string, operator: string, value: SettingsNode, place: Place): void {
    const earlier = this.#entries.get(name)
    const before = earlier === undefined ? [] : itemsOf(earlier.node, '')
    const items = itemsOf(value, operator)
    if (before === null || items === null || (operator === '' && !before.every(isEdit))) {
      this.#problems.add(place, `${name} is set twice`)
      return
    }
    const node = new ListNode([...before, ...items], earlier?.node.place ?? value.place)
    this.#entries.set(name, { keyPlace: earlier?.keyPlace ?? place, node })
  }

  #insert(path: readonly string[], value: SettingsNode, place: Place): void {
    let entries = this.#entries
    for (const [index, step] of path.slice(0, -1).entries()) {
      const inner = innerEntries(entries.get(step)?.node)
      if (inner === null) {
        this.#problems.add(place, `${path.slice(0, index + 1).join('.')} is set twice`)
        return
      }
      entries.set(step, {
        keyPlace: entries.get(step)?.keyPlace ?? place,
        node: new MapNode(inner, entries.get(step)?.node.place ?? place),
      })
      entries = inner
    }
    const last = path.at(-1) ?? ''
    if (entries.has(last)) this.#problems.add(place, `${path.join('.')} is set twice`)
    else entries.set(last, { keyPlace: place, node: value })
  }
}

/** A fresh copy of a map's entries to add to; null when the node is no map. */
function innerEntries(node: SettingsNode | undefined): Map<string, MapEntry> | null {
  if (node === undefined) return new Map()
  return node instanceof MapNode ? new Map(node.entries) : null
}

/** The items of a list with the operator before each; null when the value is no list of scalars. */
function itemsOf(value: SettingsNode, operator: string): ScalarNode[] | null {
  const list = listOf(value)
  if (!(list instanceof ListNode)) return null
  const items: ScalarNode[] = []
  for (const item of list.items) {
    if (!(item instanceof ScalarNode) || item.value === null) return null
    const text = operator + item.text
    items.push(operator === '' ? item : new ScalarNode(text, text, item.place, item.quoted))
  }
  return items
}
