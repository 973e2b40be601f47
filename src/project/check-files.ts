import { didYouMean } from '../graph/nearest.ts'
import type { ProblemList } from './problem-list.ts'
import type { ProjectFiles, SettingsFiles, ViewFiles } from './project-files.ts'
import { complaintAboutSchema } from './view-address.ts'

/** Reports files that belong to nothing, and views that cannot be where they are. */
export function checkFiles(files: ProjectFiles, stateSchema: string, problems: ProblemList): void {
  const views = [...files.views.values()]
  const existing = views.filter(({ select, processor }) => select !== null || processor !== null)
  const names = existing.map(({ name }) => name)
  for (const view of views) {
    if (existing.includes(view)) checkView(view, stateSchema, problems)
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
  const file = view.select?.path ?? view.processor ?? ''
  const complaint = complaintAboutSchema(view.schema, stateSchema)
  if (complaint !== null) problems.add({ file }, complaint.message, complaint.hint)
  // A processor's select, script and `create table` are to be read from here on.
  if (view.processor !== null) problems.add({ file: view.processor }, 'processors are not supported yet')
}

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
