import type { EngineName } from '../sql/engine-name.ts'
import { DURATION_HINT } from './duration.ts'
import { parseFileName, type FileInterval, type FileName } from './file-name.ts'
import type { FoundFile } from './find-files.ts'
import type { ProblemList } from './problem-list.ts'
import { isView, type ProjectFiles, type SettingsFiles, type ViewFiles } from './project-files.ts'
import { viewAddress } from './view-address.ts'
import { foldIdentifier } from '../sql/identifiers.ts'

type NamedFile = FoundFile & Exclude<FileName, { kind: 'misspelt' | 'other' }>

/** Sorts files to the views and schemas that they belong to; names that cannot be right are reported. */
export function sortFiles(
  found: readonly FoundFile[],
  engine: EngineName,
  problems: ProblemList,
): ProjectFiles {
  const sorter = new FileSorter(engine, problems)
  const files = found
    .flatMap((file) => nameFile(file, problems))
    .map((file) => (engine === 'redshift' ? folded(file) : file))
  for (const file of files) if (file.kind !== 'settings') sorter.addPart(file)
  // Whether `first/first.yaml` is for a view or for the schema depends on what views there are.
  for (const file of files) if (file.kind === 'settings') sorter.addSettings(file)
  return sorter
}

/** Redshift makes names lower case, quoted or not. */
const folded = (file: NamedFile): NamedFile => ({
  ...file,
  stem: foldIdentifier(file.stem),
  folders: file.folders.map((folder) => foldIdentifier(folder)),
})

function nameFile(file: FoundFile, problems: ProblemList): NamedFile[] {
  const name = parseFileName(file.name)
  if (name.kind === 'other') return []
  if (name.kind === 'misspelt') {
    problems.add({ file: file.path }, `.${name.extension} files are not read`, `Did you mean .${name.meant}?`)
    return []
  }
  return [{ ...file, ...name }]
}

const CALLED = { test: 'test', input: 'input', script: 'script', requirements: 'requirements' } as const

class FileSorter implements ProjectFiles {
  readonly views = new Map<string, ViewFiles>()
  readonly schemas = new Map<string, SettingsFiles>()
  readonly misplaced: string[] = []
  global: string | null = null
  readonly #engine: EngineName
  readonly #problems: ProblemList

  constructor(engine: EngineName, problems: ProblemList) {
    this.#engine = engine
    this.#problems = problems
  }

  addPart(file: NamedFile): void {
    const view = this.#viewOf(file)
    if (file.kind === 'view') this.#checkInterval(file.path, file.interval)
    else this.#refuseInterval(file)
    if (view === null) {
      if (file.kind === 'view') this.misplaced.push(file.path)
    } else if (file.kind === 'view') {
      if (this.#isFirst(file.path, view.file?.path, view.name)) view.file = file
      else this.misplaced.push(file.path)
    } else if (file.kind !== 'settings') {
      const what = `the ${CALLED[file.kind]} of ${view.name}`
      if (this.#isFirst(file.path, view[file.kind], what)) view[file.kind] = file.path
    }
  }

  addSettings(file: NamedFile): void {
    this.#refuseInterval(file)
    const [folder] = file.folders
    const place = folder === undefined ? 'outside' : 'inside'
    if (folder === undefined && file.stem === 'global') {
      if (this.#isFirst(file.path, this.global, 'the settings of all views')) this.global = file.path
    } else if (this.#isForSchema(file)) {
      this.#put(file.path, this.#schema(file.stem), place, `the settings of the schema ${file.stem}`)
    } else {
      const view = this.#viewOf(file)
      if (view !== null) this.#put(file.path, view.settings, place, `the settings of ${view.name}`)
    }
  }

  /** `first.yaml`, and `first/first.yaml` unless there is a view of that name. */
  #isForSchema({ folders, stem }: NamedFile): boolean {
    const [folder, ...deeper] = folders
    if (folder === undefined) return !stem.includes('.')
    const view = this.views.get(`${stem}.${stem}`)
    const isForView = view !== undefined && isView(view)
    return deeper.length === 0 && stem === folder.normalize('NFC') && !isForView
  }

  #put(path: string, files: SettingsFiles, place: keyof SettingsFiles, what: string): void {
    if (this.#isFirst(path, files[place], what)) files[place] = path
  }

  #isFirst(path: string, earlier: string | null | undefined, what: string): boolean {
    if (earlier === null || earlier === undefined) return true
    this.#problems.add({ file: path }, `a second file for ${what}, beside ${earlier}`, 'Keep one of them.')
    return false
  }

  #viewOf(file: NamedFile): ViewFiles | null {
    const address = viewAddress(file, file.stem, this.#engine)
    if ('message' in address) {
      this.#problems.add({ file: file.path }, address.message, address.hint)
      return null
    }
    const name = `${address.schema}.${address.name}`
    const known = this.views.get(name)
    if (known !== undefined) return known
    const settings = { outside: null, inside: null }
    const files = { file: null, test: null, input: null, script: null, requirements: null, settings }
    const view: ViewFiles = { name, schema: address.schema, relation: address.name, ...files }
    this.views.set(name, view)
    return view
  }

  #schema(name: string): SettingsFiles {
    const files = this.schemas.get(name) ?? { outside: null, inside: null }
    this.schemas.set(name, files)
    return files
  }

  #checkInterval(path: string, interval: FileInterval | null): void {
    if (interval === null || (interval.milliseconds ?? 0) > 0) return
    const message =
      interval.text === ''
        ? 'the name ends in a dash, without an interval'
        : `"${interval.text}" in the name is not an interval`
    this.#problems.add({ file: path }, message, DURATION_HINT)
  }

  #refuseInterval({ path, interval, stem }: NamedFile): void {
    if (interval === null) return
    const message = `"${interval.text}" in the name: only a view has an interval there`
    this.#problems.add({ file: path }, message, `The rest of the name is enough: ${stem}.`)
  }
}
