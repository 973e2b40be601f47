import { statSync } from 'node:fs'
import { join, posix } from 'node:path'
import type { Feed } from './feed.ts'
import { loadInput, type SqlSources } from './load-sql.ts'
import type { ViewFiles } from './project-files.ts'
import { readText } from './read-text.ts'
import type { ResolvedSettings } from './resolve-settings.ts'
import type { TextFile } from './view.ts'

/** What gives a view its rows; null when something of it is missing or too much, which is reported. */
export function loadFeed(
  files: ViewFiles,
  { settings, tree }: ResolvedSettings,
  sources: SqlSources,
): Feed | null {
  const { problems } = sources
  const { name, input, script } = files
  const select = input === null ? null : loadInput(input, sources)
  const place = (key: string) => tree.entry(key)?.keyPlace ?? { file: files.file?.path ?? '' }
  if (settings === null) return null

  if (settings.import !== null) {
    const other = script ?? input
    if (other !== null)
      problems.add({ file: other }, `${name} has an import, and can have no processor beside`)
    if (settings.processor !== null)
      problems.add(place('processor'), `${name} has an import, and can have no processor beside`)
    return {
      kind: 'import',
      import: settings.import,
      files: besides(settings.import.words, files, sources),
    }
  }
  if (settings.processor !== null) {
    if (script !== null)
      problems.add(
        place('processor'),
        `${name} has a processor already, which is ${script}`,
        'Keep one of them.',
      )
    if (input === null) {
      const hint = `Write a select into ${files.relation}_select.sql.`
      problems.add(place('processor'), `the processor of ${name} has nothing to read`, hint)
    }
    const command = settings.processor
    const processor = { kind: 'command' as const, command, files: besides(command, files, sources) }
    return select === null ? null : { kind: 'processor', select, processor }
  }
  if (script === null) {
    if (input !== null)
      problems.add(
        { file: input },
        `nothing reads this: ${name} has no processor`,
        HOW.replace('NAME', files.relation),
      )
    return null
  }
  const [code, requirements] = [readFile(script, sources), readFile(files.requirements, sources)]
  if (select === null || code === null) return null
  return { kind: 'processor', select, processor: { kind: 'python', script: code, requirements } }
}

const HOW = 'Write NAME.py, or set "processor:" to a command.'

function readFile(path: string | null, { root, problems }: SqlSources): TextFile | null {
  const text = path === null ? null : readText(root, path, problems)
  return path === null || text === null ? null : { path, text }
}

/** The words of a command that name files in the folder of the view: they are part of it. */
function besides(words: readonly string[], { file }: ViewFiles, sources: SqlSources): readonly TextFile[] {
  const folder = posix.dirname(file?.path ?? '')
  const paths = words
    .filter((word) => /^[^-/]/.test(word))
    .map((word) => posix.join(folder, word))
    .filter((path) => statSync(join(sources.root, path), { throwIfNoEntry: false })?.isFile())
  const read: TextFile[] = []
  for (const path of paths) {
    const found = readFile(path, sources)
    if (found !== null) read.push(found)
  }
  return read
}
