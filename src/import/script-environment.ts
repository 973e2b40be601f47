import type { Lookup } from '../project/expand-variables.ts'
import type { Project } from '../project/project.ts'
import type { View } from '../project/view.ts'
import { awsSecretsOf } from './aws-secrets.ts'

/** Where the tools of PostgreSQL, and duro itself, look for a database and its password. */
const credentials = /^(PG[A-Z]+|DATABASE_URL)$/
const databaseUrl = /\b(postgres(ql)?|redshift):\/\//i

/**
 * The environment of a view's scripts: that of duro without the credentials of databases, the keys of imports, and
 * what the settings use as keys of AWS, but with what `env` of the view names, from `.env` too.
 */
export function scriptEnvironment(
  view: View,
  { project, env, variables }: { project: Project; env: NodeJS.ProcessEnv; variables: Lookup },
): NodeJS.ProcessEnv {
  const withheld = withheldNames(project)
  const secrets = new Set(awsSecretsOf(project.settings))
  const kept: NodeJS.ProcessEnv = {}
  for (const [name, value] of Object.entries(env)) {
    if (!isWithheld(name, value, withheld) && !secrets.has(value ?? '')) kept[name] = value
  }
  for (const name of view.settings.env) {
    const value = variables(name)
    if (value !== undefined) kept[name] = value
  }
  return kept
}

/** The values that must not be seen in any output: keys of imports and of AWS, and credentials that scripts are given. */
export function secretsOf(project: Project, variables: Lookup): string[] {
  const withheld = withheldNames(project)
  const named = [...project.views.values()].flatMap((view) => view.settings.env)
  const names = named.filter((name) => isWithheld(name, variables(name), withheld))
  const values = [...new Set([...keysOfImports(project), ...names])].flatMap((name) => variables(name) ?? [])
  return [...values, ...awsSecretsOf(project.settings)]
}

function isWithheld(name: string, value: string | undefined, withheld: ReadonlySet<string>): boolean {
  // Names of variables have no case on Windows.
  return credentials.test(name.toUpperCase()) || withheld.has(name) || databaseUrl.test(value ?? '')
}

function withheldNames(project: Project): ReadonlySet<string> {
  const text = project.settings.database?.text ?? ''
  const inDatabase = [...text.matchAll(/\$\{([^{}]*)\}/g)].flatMap(([, name]) => name ?? [])
  return new Set([...inDatabase, ...keysOfImports(project), 'DUNE_API_KEY'])
}

const keysOfImports = (project: Project): string[] =>
  [...project.views.values()].flatMap((view) => view.settings.import?.secrets ?? [])
