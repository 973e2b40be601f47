import { appendTo } from '../append-to.ts'
import { filesOf } from '../project/feed.ts'
import { statementsOf, type View, type ViewName } from '../project/view.ts'

/** The views by the paths that stand for them, from the project's root. */
export interface PathIndex {
  /** By each of a view's own files. */
  files: ReadonlyMap<string, readonly ViewName[]>
  /** By the settings that a view has, those of a whole schema too, in composed characters. */
  settings: ReadonlyMap<string, readonly ViewName[]>
  /** By the folders around a view's file; the root is the empty path. */
  folders: ReadonlyMap<string, readonly ViewName[]>
}

/** Whoever lets the shell write `views/*` out asks once for each file: all of them are looked up in one index. */
export function indexPaths(views: Iterable<View>): PathIndex {
  const files = new Map<string, ViewName[]>()
  const settings = new Map<string, ViewName[]>()
  const folders = new Map<string, ViewName[]>()
  for (const view of views) {
    const { name, file, feed, tests, settingsFiles } = view
    const own = [
      ...statementsOf(view),
      ...(feed === null ? [] : filesOf(feed)),
      ...(tests === null ? [] : [tests]),
    ]
    for (const path of new Set(own.map((each) => each.path))) appendTo(files, path, name)
    for (const path of settingsFiles) appendTo(settings, path.normalize('NFC'), name)
    for (const folder of foldersOf(file.path)) appendTo(folders, folder, name)
  }
  return { files, settings, folders }
}

/** @returns each once */
export function viewsAt({ files, settings, folders }: PathIndex, path: string): ViewName[] {
  const found = [files.get(path), settings.get(path.normalize('NFC')), folders.get(path)]
  return [...new Set(found.flatMap((names) => names ?? []))]
}

function foldersOf(path: string): string[] {
  const parts = path.split('/').slice(0, -1)
  return [...parts.keys(), parts.length].map((length) => parts.slice(0, length).join('/'))
}
