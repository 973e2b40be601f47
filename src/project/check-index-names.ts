import { historyTable } from '../sql/history-table.ts'
import type { Place } from './place.ts'
import type { ProblemList } from './problem-list.ts'
import { isView, type ProjectFiles } from './project-files.ts'
import type { ResolvedSettings } from './resolve-settings.ts'
import {
  isNull,
  ListNode,
  MapNode,
  ScalarNode,
  type MapEntry,
  type SettingsNode,
} from './settings/settings-node.ts'
import type { ViewName } from './view.ts'

/** Reports indexes that the settings call like something else in their schema: all relations share one namespace. */
export function checkIndexNames(
  views: ProjectFiles['views'],
  settings: ReadonlyMap<ViewName, ResolvedSettings>,
  problems: ProblemList,
): void {
  const owners = new Map<string, string>()
  for (const view of views.values()) {
    if (!isView(view)) continue
    owners.set(keyOf(view.schema, view.relation), `the view ${view.name}`)
    const copies = settings.get(view.name)?.tree.entry('snapshots_interval')
    if (copies === undefined || isNull(copies.node)) continue
    const { name } = historyTable({ schema: view.schema, name: view.relation })
    owners.set(keyOf(view.schema, name), `the history table of ${view.name}`)
  }
  for (const [name, { tree, complete }] of settings) {
    const schema = views.get(name)?.schema
    if (schema === undefined || !complete) continue
    for (const { text, place } of givenNames(tree.entry('indexes'))) {
      const key = keyOf(schema, text)
      const owner = owners.get(key)
      if (owner === undefined) owners.set(key, `an index of ${name}`)
      else problems.add(place, `an index of ${name} is called ${text}, and so is ${owner}`, HINT)
    }
  }
}

const HINT = 'Give it another name, or none: duro then makes one that nothing else in the schema has.'

const keyOf = (schema: string, name: string): string => JSON.stringify([schema, name])

function givenNames(indexes: MapEntry | undefined): { text: string; place: Place }[] {
  return itemsOf(indexes?.node).flatMap((index) => {
    const name = index instanceof MapNode ? index.get('name') : undefined
    return name instanceof ScalarNode && !isNull(name) ? [{ text: name.text, place: name.place }] : []
  })
}

const itemsOf = (node: SettingsNode | undefined): readonly SettingsNode[] =>
  node instanceof ListNode ? node.items : []
