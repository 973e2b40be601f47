import { DuroError } from '../errors.ts'
import type { EngineName } from '../sql/engine-name.ts'
import { resolveDatabase, type Database } from './database.ts'
import { engineOfUrl } from './database-url.ts'
import { readDotenv } from './dotenv.ts'
import { loadProjectSettings } from './load-project-settings.ts'
import { ProblemList } from './problem-list.ts'

export interface GuessedEngine {
  engine: EngineName
  /** Whether duro.yaml or the URL says so; otherwise the server is asked. */
  isSaid: boolean
  /** Null: none is named, or not as it should be. */
  database: Database | null
}

/**
 * Whose grammar a folder is written in, before it is read. What is wrong with duro.yaml or the database is told when
 * they are used.
 * @param flag what follows `--database`
 */
export function guessEngine(root: string, flag: string | undefined, env: NodeJS.ProcessEnv): GuessedEngine {
  const { settings } = loadProjectSettings(root, env, new ProblemList())
  const database = orNull(() => resolveDatabase({ flag, env, settings, dotenv: readDotenv(root) }))
  const said = settings?.engine ?? (database?.kind === 'url' ? engineOfUrl(database.url) : null)
  return { engine: said ?? 'postgres', isSaid: said !== null, database }
}

function orNull<T>(ask: () => T): T | null {
  try {
    return ask()
  } catch (error) {
    if (!(error instanceof DuroError)) throw error
    return null
  }
}
