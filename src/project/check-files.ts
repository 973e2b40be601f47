import { didYouMean } from '../graph/nearest.ts'
import type { ProblemList } from './problem-list.ts'
import { isView, type ProjectFiles, type SettingsFiles, type ViewFiles } from './project-files.ts'
import { complaintAboutSchema } from './view-address.ts'

/** Reports files that belong to nothing, and views that cannot be where they are. */
export function checkFiles(files: ProjectFiles, stateSchema: string, problems: ProblemList): void {
  const views = [...files.views.values()]
  const existing = views.filter(isView)
  const names = existing.map(({ name }) => name)
  for (const view of views) {
    if (isView(view)) checkView(view, stateSchema, problems)
    else reportOrphans(view, names, problems)
  }
  const schemas = new Set(existing.map(({ schema }) => schema))
  for (const [schema, settings] of files.schemas) {
    if (schemas.has(schema)) continue
    for (const file of pathsOf(settings)) {
      const message = `settings for the schema ${schema}, which has no view`
      problems.add({ file }, message, didYouMean(schema, schemas))
    }
  }
}

function checkView(view: ViewFiles, stateSchema: string, problems: ProblemList): void {
  const file = view.file?.path ?? view.script ?? view.input ?? view.requirements ?? ''
  const complaint = complaintAboutSchema(view.schema, stateSchema)
  if (complaint !== null) problems.add({ file }, complaint.message, complaint.hint)
  if (view.file === null) {
    const message = `the table of ${view.name} is missing`
    const hint = `Write its \`create table\` into ${view.relation} — 1h.sql.`
    problems.add({ file }, message, view.script === file ? `${hint}\n${MODULE_HINT}` : hint)
  }
  if (view.script !== null && view.input === null) {
    const message = `the script of ${view.name} has nothing to read`
    problems.add({ file: view.script }, message, `Write a select into ${view.relation}_select.sql.`)
  }
  if (view.requirements !== null && view.script === null) {
    const message = `requirements of ${view.name}, and there is no script`
    problems.add({ file: view.requirements }, message, `The script is ${view.relation}.py.`)
  }
}

const MODULE_HINT = 'A module that scripts import begins with an underscore.'

function reportOrphans(view: ViewFiles, names: readonly string[], problems: ProblemList): void {
  const guess = didYouMean(view.name, names)
  if (view.test !== null) {
    const message = `a test of ${view.name}, and there is no such view`
    problems.add({ file: view.test }, message, guess ?? "A view's name cannot end in _test.")
  }
  for (const file of pathsOf(view.settings)) {
    problems.add({ file }, `settings for ${view.name}, and there is no such view`, guess)
  }
}

function pathsOf({ outside, inside }: SettingsFiles): string[] {
  return [outside, inside].filter((path) => path !== null)
}
