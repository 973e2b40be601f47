import { checkHistories } from './check-histories.ts'
import { checkLimits } from './check-limits.ts'
import { loadSettings } from './load-settings.ts'
import { loadSelect, loadTest, type SqlSources } from './load-sql.ts'
import { compareText } from './problem-list.ts'
import type { ProjectFiles } from './project-files.ts'
import type { MapNode } from './settings/settings-node.ts'
import type { View } from './view.ts'

/**
 * Reads every file among the views. What is wrong is reported, and its view left out.
 * @param defaults the weakest layer of every view's settings; null when it could not be read
 * @returns the views in the order of their names
 */
export function loadViews(files: ProjectFiles, defaults: MapNode | null, sources: SqlSources): View[] {
  const settings = loadSettings(files, defaults, sources)
  checkLimits([...settings.values()], sources.problems)
  checkHistories(files.views, settings, sources.problems)
  for (const path of files.misplaced) loadSelect(path, sources)
  const views: View[] = []
  for (const { name, schema, relation, ...file } of files.views.values()) {
    const tests = file.test === null ? null : loadTest(file.test, sources)
    // Beside a processor the file holds its `create table`.
    if (file.select === null || file.processor !== null) continue
    const select = loadSelect(file.select.path, sources)
    const resolved = settings.get(name)?.settings ?? null
    if (select !== null && resolved !== null) {
      views.push({ name, schema, relation, select, tests, settings: resolved })
    }
  }
  return views.toSorted((a, b) => compareText(a.name, b.name))
}
