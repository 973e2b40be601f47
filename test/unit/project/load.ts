import { ProblemsError, type Problem } from '../../../src/errors.ts'
import { loadProject } from '../../../src/project/load-project.ts'
import type { Project } from '../../../src/project/project.ts'
import type { ViewSettings } from '../../../src/project/view-settings.ts'
import type { EngineName } from '../../../src/sql/engine-name.ts'
import { loadPostgresParser } from '../../../src/sql/postgres/postgres-parser.ts'
import { writeProject, type Files, type TestProject } from '../../support/project.ts'

export interface LoadOptions {
  env?: NodeJS.ProcessEnv
  engine?: EngineName
  /** What text files cannot say: links, bytes, modes. */
  prepare?: (project: TestProject) => Promise<void>
  /** What must be undone before the folder can go. */
  restore?: (project: TestProject) => Promise<void>
}

/** The project in a folder with these files. */
export async function load(
  files: Files,
  { env = {}, engine = 'postgres', prepare, restore }: LoadOptions = {},
): Promise<Project> {
  const project = await writeProject(files)
  try {
    await prepare?.(project)
    return await loadProject(project.root, { parser: await loadPostgresParser(), engine, env })
  } finally {
    await restore?.(project)
    await project.cleanup()
  }
}

/** The problems in a folder with these files, as they are printed; hints in brackets. */
export async function problemsIn(files: Files, options?: LoadOptions): Promise<string[]> {
  const error: unknown = await load(files, options).then(
    () => null,
    (reason: unknown) => reason,
  )
  if (error === null) return []
  if (!(error instanceof ProblemsError)) throw error
  return error.problems.map(format)
}

export function format({ file, line, column, message, hint }: Problem): string {
  const place = [file, line, column].filter((part) => part !== undefined).join(':')
  return `${place} ${message}${hint === undefined ? '' : ` (${hint})`}`
}

/** The settings of first.cities among these files. */
export async function settingsOfCities(files: Files): Promise<ViewSettings> {
  const project = await load({ 'views/first/cities.sql': 'select 1', ...files })
  const view = project.views.get('first.cities')
  if (view === undefined) throw new Error('first.cities was not loaded')
  return view.settings
}
