import { randomBytes } from 'node:crypto'

import { escapeIdentifier } from 'pg'
import type { QueryResultRow } from 'pg'
import { onTestFinished } from 'vitest'

import { createDatabase, query } from './database.ts'
import { duro, refresh, type DuroOptions, type Ran } from './duro.ts'
import { writeProject, type Files, type TestProject } from './project.ts'

/** A project and a database of its own, for one test. */
export interface World {
  url: string
  project: TestProject
  sql<Row extends QueryResultRow = QueryResultRow>(text: string, parameters?: unknown[]): Promise<Row[]>
  /** Fails the test when the refresh fails. */
  refresh(...args: string[]): Promise<Ran>
  duro(args: readonly string[], options?: DuroOptions): Promise<Ran>
  /**
   * A role with a name that no other test has.
   * @param options as `create role` takes them
   * @param start of its name
   */
  createRole(options?: string, start?: string): Promise<string>
  /** The database's URL for a role. */
  urlFor(role: string, password?: string): string
}

/**
 * @param files of the project; views without an interval get one hour
 * @param env of all commands
 */
export async function makeWorld(sources: string, files: Files, env: NodeJS.ProcessEnv = {}): Promise<World> {
  const database = await createDatabase()
  const project = await writeProject({ 'duro.yaml': 'default_interval: 1h\n', ...files })
  const roles: string[] = []
  onTestFinished(async () => {
    await project.cleanup()
    await database.drop()
    for (const role of roles) await query(database.adminUrl, `drop role ${escapeIdentifier(role)}`)
  })
  if (sources !== '') await query(database.url, sources)
  return {
    url: database.url,
    project,
    sql: (text, parameters) => query(database.url, text, parameters),
    refresh: (...args) => refresh(project, database.url, args, { env }),
    duro: (args, options) => duro(project, database.url, args, { env, ...options }),
    async createRole(options = 'login', start = 'duro_test_') {
      const name = `${start}${randomBytes(5).toString('hex')}`
      await query(database.adminUrl, `create role ${escapeIdentifier(name)} ${options}`)
      roles.push(name)
      return name
    },
    urlFor(role, password = '') {
      const url = new URL(database.url)
      url.username = role
      url.password = password
      return url.href
    },
  }
}
