import { resolve } from 'node:path'
import type { Engine } from '../engine/engine.ts'
import { detectEngine } from '../engine/detect-engine.ts'
import { OtherEngineError } from '../engine/other-engine-error.ts'
import { ProblemsError } from '../errors.ts'
import { buildGraph } from '../graph/build-graph.ts'
import type { Graph } from '../graph/graph.ts'
import { resolveDatabase } from '../project/database.ts'
import { engineOfUrl } from '../project/database-url.ts'
import { guessEngine } from '../project/guess-engine.ts'
import { readDotenv } from '../project/dotenv.ts'
import { variablesOf, type Lookup } from '../project/expand-variables.ts'
import { findProjectRoot } from '../project/find-root.ts'
import { loadProject } from '../project/load-project.ts'
import { secretsOf } from '../import/script-environment.ts'
import type { Project } from '../project/project.ts'
import type { EngineName } from '../sql/engine-name.ts'
import type { SqlParser } from '../sql/parser.ts'
import { loadPostgresParser } from '../sql/postgres/postgres-parser.ts'
import { openState, type State } from '../state/state.ts'
import { connectEngine } from './connect-engine.ts'
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
  /** Whose grammar it was read in. */
  grammar: EngineName
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

/**
 * Reads the folder in the grammar of its server.
 * @param engine what the server said it is; left out: what duro.yaml and the URL say
 */
export async function openProject(shell: Shell, engine?: EngineName): Promise<OpenProject> {
  const root = findProjectRoot(resolve(shell.cwd, shell.options.project ?? '.'))
  const grammar = engine ?? guessEngine(root, shell.options.database, shell.env).engine
  const parser = await loadParser(grammar)
  const project = await loadProject(root, { parser, engine: grammar, env: shell.env })
  const variables = variablesOf(shell.env, readDotenv(root))
  for (const secret of secretsOf(project, variables)) shell.output.conceal(secret)
  return { project, grammar, parser, graph: buildGraph(project), env: shell.env, variables }
}

/** Of one engine alone: each is heavy. */
export async function loadParser(engine: EngineName): Promise<SqlParser> {
  if (engine === 'postgres') return loadPostgresParser()
  const { loadRedshiftParser } = await import('../sql/redshift/redshift-parser.ts')
  return loadRedshiftParser()
}

/** Opens the project's database, the embedded one included, and closes what it opened. */
export async function usingDatabase<T>(
  shell: Shell,
  callback: (open: OpenDatabase) => Promise<T>,
): Promise<T> {
  const open = await openForServer(shell)
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

/** What looks wrong may be right on the other server: before it is called wrong, the server is asked. */
async function openForServer(shell: Shell): Promise<OpenProject> {
  try {
    return await openProject(shell)
  } catch (error) {
    if (!(error instanceof ProblemsError)) throw error
    const root = findProjectRoot(resolve(shell.cwd, shell.options.project ?? '.'))
    const { isSaid, database } = guessEngine(root, shell.options.database, shell.env)
    if (isSaid || database?.kind !== 'url') throw error
    const engine = await detectEngine(database.url)
    if (engine !== 'redshift') throw error
    return openProject(shell, engine)
  }
}

async function usingUrl<T>(
  shell: Shell,
  open: OpenProject,
  url: string,
  callback: (open: OpenDatabase) => Promise<T>,
): Promise<T> {
  for (const secret of secretsInUrl(url)) shell.output.conceal(secret)
  const connected = await connect(shell, open, url)
  const { engine } = connected
  const state = openState(engine, connected.project.settings.stateSchema)
  try {
    return await callback({ ...connected, state })
  } finally {
    await state.close().catch(() => undefined)
    await engine.close()
  }
}

/** Where nobody said which server it is, and it is the other one, the folder is read again. */
async function connect(shell: Shell, open: OpenProject, url: string): Promise<Omit<OpenDatabase, 'state'>> {
  const options = {
    url,
    conceal: (secret: string) => shell.output.conceal(secret),
    warn: (message: string) => shell.reporter.emit({ type: 'warning', message }),
  }
  try {
    return { ...open, engine: await connectEngine({ ...options, ...open, engine: open.grammar }) }
  } catch (error) {
    const isSaid = open.project.settings.engine !== null || engineOfUrl(url) !== null
    if (!(error instanceof OtherEngineError) || isSaid) throw error
    const again = await openProject(shell, error.engine)
    return { ...again, engine: await connectEngine({ ...options, ...again, engine: again.grammar }) }
  }
}
