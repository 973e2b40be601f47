import { loadSettingsFile } from './load-settings-file.ts'
import type { SqlSources } from './load-sql.ts'
import type { ProjectFiles, SettingsFiles } from './project-files.ts'
import { resolveSettings, type Layers, type ResolvedSettings } from './resolve-settings.ts'
import type { MapNode } from './settings/settings-node.ts'
import type { ViewName } from './view.ts'

/**
 * The settings of every view: duro.yaml's `defaults`, then the global file, those of the schema outside and inside
 * its folder, those of the view outside and inside, and the interval in its file's name. What stands later wins.
 */
export function loadSettings(
  files: ProjectFiles,
  defaults: MapNode | null,
  { root, engine, problems }: Pick<SqlSources, 'root' | 'engine' | 'problems'>,
): Map<ViewName, ResolvedSettings> {
  const load = (path: string | null): Layers => {
    const tree = path === null ? null : loadSettingsFile(root, path, problems)
    return { trees: tree === null ? [] : [tree], complete: path === null || tree !== null }
  }
  const loadBoth = (both: SettingsFiles) => join(load(both.outside), load(both.inside))

  const lowest = { trees: defaults === null ? [] : [defaults], complete: defaults !== null }
  const everywhere = join(lowest, load(files.global))
  const schemas = new Map<string, Layers>()
  for (const [schema, settings] of files.schemas) schemas.set(schema, loadBoth(settings))

  const resolved = new Map<ViewName, ResolvedSettings>()
  for (const view of files.views.values()) {
    const own = loadBoth(view.settings)
    const inherited = join(everywhere, schemas.get(view.schema) ?? { trees: [], complete: true })
    const { file } = view
    if (file !== null)
      resolved.set(view.name, resolveSettings({ ...view, file }, { inherited, own, engine }, problems))
  }
  return resolved
}

function join(weaker: Layers, stronger: Layers): Layers {
  return { trees: [...weaker.trees, ...stronger.trees], complete: weaker.complete && stronger.complete }
}
