import { ListNode, ScalarNode, type SettingsNode } from './settings-node.ts'

/** The settings whose lists may add to and take from what is inherited. */
export const EDITABLE_LISTS: readonly string[] = ['grant_select', 'tags']

/** `+joan` and `-jane` change a list, `joan` is part of a new one. */
export function isEdit(item: ScalarNode): boolean {
  return /^[+-]/.test(item.text)
}

/**
 * The list that a layer makes of what it inherits: plain items replace the inherited ones, then `+` and `-` apply in
 * their order. An empty list replaces too. Taking from a list that nobody declared declares none.
 */
export function editList(inherited: SettingsNode | undefined, own: ListNode): ListNode | undefined {
  const items = own.items.filter((item) => item instanceof ScalarNode)
  const plain = items.filter((item) => !isEdit(item))
  const replaces = plain.length > 0 || items.length === 0
  const base = replaces ? new ListNode(plain, own.place) : inherited
  if (base === undefined && !items.some((item) => item.text.startsWith('+'))) return undefined
  const result = new Map<string, ScalarNode>()
  for (const item of base instanceof ListNode ? base.items : []) {
    if (item instanceof ScalarNode) result.set(item.text, item)
  }
  for (const edit of items.filter(isEdit)) {
    const name = edit.text.slice(1)
    if (edit.text.startsWith('-')) result.delete(name)
    else result.set(name, new ScalarNode(name, name, edit.place, true))
  }
  return new ListNode([...result.values()], own.place)
}
