import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { ProblemsError } from '../errors.ts'
import { foldIdentifier } from '../sql/identifiers.ts'
import type { EngineName } from '../sql/engine-name.ts'
import type { SqlParser } from '../sql/parser.ts'
import { checkFiles } from './check-files.ts'
import { findFiles } from './find-files.ts'
import { loadProjectSettings, type LoadedProjectSettings } from './load-project-settings.ts'
import type { SqlSources } from './load-sql.ts'
import { loadViews } from './load-views.ts'
import { ProblemList } from './problem-list.ts'
import type { Project } from './project.ts'
import { sortFiles } from './sort-files.ts'
import type { View } from './view.ts'

export interface LoadOptions {
  parser: SqlParser
  /** Whose grammar that is; `postgres` when it is not given. */
  engine?: EngineName
  /** For `${VAR}` in duro.yaml. */
  env: NodeJS.ProcessEnv
}

/**
 * The folder with duro.yaml as a project.
 * @throws ProblemsError with everything that is wrong in it
 */
export async function loadProject(folder: string, options: LoadOptions): Promise<Project> {
  const root = resolve(folder)
  const problems = new ProblemList()
  const { parser, engine = 'postgres' } = options
  const read = loadProjectSettings(root, options.env, problems)
  const file = engine === 'redshift' ? forRedshift(read) : read
  const views = await readViews(file, { root, parser, engine, problems })
  const { settings } = file
  if (settings === null || problems.size > 0) throw new ProblemsError('project', problems.sorted())
  return {
    root,
    settings,
    folder: file.views ?? VIEWS,
    views: new Map(views.map((view) => [view.name, view])),
  }
}

/** Redshift folds all names, and has no snapshot that several sessions could share. */
function forRedshift(file: LoadedProjectSettings): LoadedProjectSettings {
  const { settings } = file
  const stateSchema = foldIdentifier(file.stateSchema)
  if (settings === null) return { ...file, stateSchema }
  const defaultSchema = [...new Set(settings.defaultSchema.map(foldIdentifier))]
  return { ...file, stateSchema, settings: { ...settings, stateSchema, defaultSchema, oneInstant: false } }
}

async function readViews(file: LoadedProjectSettings, sources: SqlSources): Promise<View[]> {
  const { root, problems } = sources
  // When duro.yaml cannot be read, its folder of views most likely has the usual name.
  const folder = file.views ?? VIEWS
  if (!existsSync(join(root, folder))) {
    if (file.views !== null) problems.add({ file: folder }, 'there is no such folder', FIRST_VIEW)
    return []
  }
  const before = problems.size
  const files = sortFiles(await findFiles(root, folder, problems), sources.engine, problems)
  const isEmpty = files.views.size === 0 && files.misplaced.length === 0
  if (isEmpty && problems.size === before)
    problems.add({ file: folder }, 'there is no view in it', FIRST_VIEW)
  checkFiles(files, file.stateSchema, problems)
  return loadViews(files, file.defaults, sources)
}

const VIEWS = 'views'

const FIRST_VIEW =
  'Begin with a select in views/first/cities — 24h.sql, or say where the views are with "views:" in duro.yaml.'
