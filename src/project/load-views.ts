import { checkEngineSettings, refuseKeysOfTable } from './check-engine-settings.ts'
import { checkHistories } from './check-histories.ts'
import { checkIndexes } from './check-indexes.ts'
import { checkIndexNames } from './check-index-names.ts'
import { checkLimits } from './check-limits.ts'
import { indexNames, type UnnamedView } from './index-names.ts'
import { loadSettings } from './load-settings.ts'
import { loadFeed } from './load-feed.ts'
import { loadTotals } from './load-totals.ts'
import { loadSelect, loadTable, loadTest, type SqlSources } from './load-sql.ts'
import { compareText } from './problem-list.ts'
import type { ProjectFiles, ViewFiles } from './project-files.ts'
import type { ResolvedSettings } from './resolve-settings.ts'
import { placesOf } from './settings-places.ts'
import { locate, type MapNode } from './settings/settings-node.ts'
import type { TestFile, View, ViewName } from './view.ts'
import type { ViewSettings } from './view-settings.ts'
import { wantsFeed } from './wants-feed.ts'

/**
 * Reads every file among the views. What is wrong is reported, and its view left out.
 * @param defaults the weakest layer of every view's settings; null when it could not be read
 * @returns the views in the order of their names
 */
export function loadViews(files: ProjectFiles, defaults: MapNode | null, sources: SqlSources): View[] {
  const settings = loadSettings(files, defaults, sources)
  checkLimits([...settings.values()], sources.problems)
  checkEngineSettings(settings, sources.engine, sources.problems)
  checkHistories(files.views, settings, sources.engine, sources.problems)
  checkIndexNames(files.views, settings, sources.problems)
  if (sources.engine === 'postgres') for (const view of settings.values()) checkIndexes(view, sources)
  for (const path of files.misplaced) loadSelect(path, sources)
  const views: UnnamedView[] = []
  for (const view of files.views.values()) {
    const tests = view.test === null ? null : loadTest(view.test, sources)
    const loaded = loadView(view, settings.get(view.name) ?? null, tests, sources)
    if (loaded !== null) views.push({ ...loaded, settingsFiles: settingsFilesOf(view, files) })
  }
  return withIndexNames(
    views.toSorted((a, b) => compareText(a.name, b.name)),
    settings,
  )
}

function withIndexNames(
  views: readonly UnnamedView[],
  settings: ReadonlyMap<ViewName, ResolvedSettings>,
): View[] {
  const names = indexNames(views, ({ name, file }, at) => {
    const tree = settings.get(name)?.tree
    return tree === undefined ? { file: file.path } : locate(tree, ['indexes', at]).place
  })
  const none = { own: [], taken: new Set<string>() }
  return views.map((view) => ({ ...view, indexNames: names.get(view.name) ?? none }))
}

function settingsFilesOf({ schema, settings }: ViewFiles, files: ProjectFiles): string[] {
  const ofSchema = files.schemas.get(schema)
  const all = [files.global, ofSchema?.outside, ofSchema?.inside, settings.outside, settings.inside]
  return all.filter((path) => typeof path === 'string')
}

/** Null when something is wrong with it, which is reported. */
function loadView(
  files: ViewFiles,
  resolved: ResolvedSettings | null,
  tests: TestFile | null,
  sources: SqlSources,
): Omit<UnnamedView, 'settingsFiles'> | null {
  const { name, schema, relation, file: own } = files
  const settings = resolved?.settings ?? null
  if (own === null || resolved === null) return null
  if (!wantsFeed(files, resolved.tree)) {
    const file = loadSelect(own.path, sources)
    if (file === null || settings === null) return null
    const totals = loadTotals(files, settings, resolved, sources)
    const places = placesOf(files, settings, resolved)
    return { name, schema, relation, file, feed: null, tests, settings, totals, places }
  }
  if (sources.engine === 'redshift') refuseKeysOfTable(name, resolved, sources.problems)
  const [file, feed] = [loadTable(own.path, files, sources), loadFeed(files, resolved, sources)]
  if (file === null || feed === null || settings === null) return null
  const asTable: ViewSettings = { ...settings, materialized: 'table' }
  const totals = loadTotals(files, settings, resolved, sources)
  const places = placesOf(files, settings, resolved)
  return { name, schema, relation, file, feed, tests, settings: asTable, totals, places }
}
