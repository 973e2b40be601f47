import type { ViewFiles } from './project-files.ts'
import type { ResolvedSettings } from './resolve-settings.ts'
import { ListNode, locate, MapNode, ScalarNode } from './settings/settings-node.ts'
import type { SettingsPlaces } from './view.ts'
import type { ViewSettings } from './view-settings.ts'

/** Where the settings stand that only the server can find something wrong with. */
export function placesOf(
  { settings: { outside, inside } }: Pick<ViewFiles, 'settings'>,
  { totals, tests }: Pick<ViewSettings, 'totals' | 'tests'>,
  { tree }: Pick<ResolvedSettings, 'tree'>,
): SettingsPlaces {
  const readers = tree.get('grant_select')
  const columns = tree.get('columns')
  return {
    totals: new Map(Object.keys(totals).map((name) => [name, locate(tree, ['totals', name]).place])),
    tests: new Map(tests.map(({ kind }) => [kind, locate(tree, ['tests', kind]).place])),
    grantSelect: new Map(
      (readers instanceof ListNode ? readers.items : []).flatMap((item) =>
        item instanceof ScalarNode ? [[item.text, item.place]] : [],
      ),
    ),
    columns: new Map(
      [...(columns instanceof MapNode ? columns.entries : [])]
        .filter(([, { keyPlace }]) => [outside, inside].includes(keyPlace.file))
        .map(([name, { keyPlace }]) => [name, keyPlace]),
    ),
  }
}
