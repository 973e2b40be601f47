import { DuroError, ProblemsError } from '../errors.ts'
import { complaintAboutUrl } from './database-url.ts'
import { expandVariables, unsetVariable, variablesOf } from './expand-variables.ts'
import { further } from './place.ts'
import type { DatabaseSetting, ProjectSettings } from './project.ts'
import { urlFromVariables } from './url-from-variables.ts'

/** Where the choice of the database came from, as a person would call it. */
export type DatabaseSource = '--database' | 'DATABASE_URL' | 'PG* variables' | 'duro.yaml' | '.env'

/** The database to work on. */
export type Database = { from: DatabaseSource } & ({ kind: 'embedded' } | { kind: 'url'; url: string })

export interface DatabaseSources {
  /** What follows `--database`. */
  flag: string | undefined
  env: Readonly<NodeJS.ProcessEnv>
  /** Null where there is no project. */
  settings: Pick<ProjectSettings, 'database'> | null
  /** What `readDotenv` returned. */
  dotenv: Readonly<Record<string, string>>
}

/**
 * The first that names a database: `--database`, `DATABASE_URL`, the `PG*` variables, duro.yaml, `.env`.
 * @throws ProblemsError pointing into duro.yaml, when the database named there is used and wrong
 */
export function resolveDatabase({ flag, env, settings, dotenv }: DatabaseSources): Database {
  if (flag !== undefined) return checked(flag, '--database')
  if (env['DATABASE_URL']) return checked(env['DATABASE_URL'], 'DATABASE_URL')
  const fromProcess = urlFromVariables(env, false)
  if (fromProcess !== null) return checked(fromProcess, 'PG* variables', 'what the PG* variables make')
  if (settings !== null && settings.database !== null) return fromSettings(settings.database, { env, dotenv })
  if (dotenv['DATABASE_URL']) return checked(dotenv['DATABASE_URL'], '.env', 'DATABASE_URL in .env')
  // What the process says of user or password goes before, and completes, what .env says of the host.
  const fromDotenv = urlFromVariables({ ...dotenv, ...setOnly(env) }, true)
  if (fromDotenv !== null) return checked(fromDotenv, '.env', 'what the PG* variables in .env make')
  throw noDatabase(env, dotenv)
}

/** @param name what a complaint calls the value */
function checked(value: string, from: DatabaseSource, name: string = from): Database {
  if (value === 'embedded') return { kind: 'embedded', from }
  const complaint = complaintAboutUrl(value)
  if (complaint === null) return { kind: 'url', url: value, from }
  throw new DuroError('usage', `${name} ${complaint}`, { hint: URL_HINT })
}

function fromSettings(
  { text, ...place }: DatabaseSetting,
  { env, dotenv }: Pick<DatabaseSources, 'env' | 'dotenv'>,
): Database {
  const { text: url, unset } = expandVariables(text, variablesOf(env, dotenv))
  if (unset.length > 0) {
    throw new ProblemsError(
      'project',
      unset.map(({ name, index }) => ({ ...further(place, index), ...unsetVariable(name) })),
    )
  }
  if (url === 'embedded') return { kind: 'embedded', from: 'duro.yaml' }
  const complaint = complaintAboutUrl(url)
  if (complaint === null) return { kind: 'url', url, from: 'duro.yaml' }
  throw new ProblemsError('project', [{ ...place, message: `database ${complaint}`, hint: URL_HINT }])
}

const URL_HINT =
  'Write postgres://user:password@host:port/database, redshift://… for Amazon Redshift, or "embedded" for a local server of its own.\n' +
  'Characters such as @ / # ? % in a password are percent-encoded.'

function noDatabase(env: DatabaseSources['env'], dotenv: DatabaseSources['dotenv']): DuroError {
  const service = env['PGSERVICE'] || dotenv['PGSERVICE']
  return new DuroError('usage', 'no database is set', {
    hint:
      'Give --database, set DATABASE_URL or PGHOST and PGDATABASE, or write "database:" in duro.yaml: ' +
      'a postgres:// URL, or "embedded" for a local server of its own.' +
      (service ? '\nPGSERVICE is not read.' : ''),
  })
}

function setOnly(env: DatabaseSources['env']): Record<string, string> {
  const set: Record<string, string> = {}
  for (const [name, value] of Object.entries(env)) if (value) set[name] = value
  return set
}
