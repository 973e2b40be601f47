import { resolve } from 'node:path'
import type { Engine } from '../engine/engine.ts'
import { connectPostgres } from '../engine/postgres/connect-postgres.ts'
import { buildGraph } from '../graph/build-graph.ts'
import type { Graph } from '../graph/graph.ts'
import { resolveDatabase } from '../project/database.ts'
import { readDotenv } from '../project/dotenv.ts'
import { variablesOf, type Lookup } from '../project/expand-variables.ts'
import { findProjectRoot } from '../project/find-root.ts'
import { loadProject } from '../project/load-project.ts'
import { secretsOf } from '../import/script-environment.ts'
import type { Project } from '../project/project.ts'
import type { SqlParser } from '../sql/parser.ts'
import { loadPostgresParser } from '../sql/postgres/postgres-parser.ts'
import { openState, type State } from '../state/state.ts'
import type { GlobalOptions } from './global-options.ts'
import type { Output } from './output.ts'
import { secretsInUrl } from './redact.ts'
import type { Reporter } from './report/reporter.ts'

/** What every command is given. */
export interface Shell {
  options: GlobalOptions
  output: Output
  reporter: Reporter
  env: NodeJS.ProcessEnv
  cwd: string
  signal: AbortSignal
  /** The time that ages and intervals are measured by. */
  clock: () => Date
}

/** The folder, read and checked. */
export interface OpenProject {
  project: Project
  graph: Graph
  parser: SqlParser
  env: NodeJS.ProcessEnv
  /** The environment, and behind it `.env`. */
  variables: Lookup
}

/** The folder and the database behind it. */
export interface OpenDatabase extends OpenProject {
  engine: Engine
  state: State
}

export async function openProject(shell: Shell): Promise<OpenProject> {
  const root = findProjectRoot(resolve(shell.cwd, shell.options.project ?? '.'))
  const parser = await loadPostgresParser()
  const project = await loadProject(root, { parser, env: shell.env })
  const variables = variablesOf(shell.env, readDotenv(root))
  for (const secret of secretsOf(project, variables)) shell.output.conceal(secret)
  return { project, parser, graph: buildGraph(project), env: shell.env, variables }
}

/** Opens the project's database, the embedded one included, and closes what it opened. */
export async function usingDatabase<T>(
  shell: Shell,
  callback: (open: OpenDatabase) => Promise<T>,
): Promise<T> {
  const open = await openProject(shell)
  const { root, settings } = open.project
  const database = resolveDatabase({
    flag: shell.options.database,
    env: shell.env,
    settings,
    dotenv: readDotenv(root),
  })
  if (database.kind === 'url') return usingUrl(shell, open, database.url, callback)
  const { usingEmbeddedServer } = await import('../embedded/using-embedded-server.ts')
  const onNotice = (message: string): void => shell.reporter.emit({ type: 'notice', message })
  return usingEmbeddedServer({ dataDirectory: resolve(root, '.duro', 'postgres'), onNotice }, ({ url }) =>
    usingUrl(shell, open, url, callback),
  )
}

async function usingUrl<T>(
  shell: Shell,
  open: OpenProject,
  url: string,
  callback: (open: OpenDatabase) => Promise<T>,
): Promise<T> {
  for (const secret of secretsInUrl(url)) shell.output.conceal(secret)
  const { defaultSchema, stateSchema } = open.project.settings
  const engine = await connectPostgres({ url, searchPath: defaultSchema, stateSchema, parser: open.parser })
  const state = openState(engine, stateSchema)
  try {
    return await callback({ ...open, engine, state })
  } finally {
    await state.close().catch(() => undefined)
    await engine.close()
  }
}
