import { randomBytes } from 'node:crypto'

import { escapeIdentifier as quote } from 'pg'
import { afterAll, beforeAll, inject } from 'vitest'

import { query, usingClient } from './client.ts'

export { query, usingClient } from './client.ts'

export interface TestDatabase {
  url: string
  name: string
  /** The database from which this one was created. */
  adminUrl: string
  drop(): Promise<void>
}

/** What databases can be copied from: filled once in a run of the tests, by whoever needs it first. */
export interface Template {
  name: string
  fill: (url: string) => Promise<void>
}

/** Creates an empty database, or a copy of a template. */
export async function createDatabase(options: { template?: Template } = {}): Promise<TestDatabase> {
  const adminUrl = inject('adminUrl')
  const name = `${inject('databasePrefix')}${randomBytes(5).toString('hex')}`
  const template = options.template === undefined ? 'template0' : await makeTemplate(options.template)
  await query(adminUrl, `create database ${quote(name)} template ${quote(template)}`)
  return {
    url: withDatabase(adminUrl, name),
    name,
    adminUrl,
    drop: async () => {
      await query(adminUrl, `drop database if exists ${quote(name)} with (force)`)
    },
  }
}

/** One database for all tests of a file or a `describe`; it exists only while they run. */
export function useDatabase(options: { template?: Template } = {}): Readonly<Omit<TestDatabase, 'drop'>> {
  let database: TestDatabase | null = null
  beforeAll(async () => {
    database = await createDatabase(options)
  })
  afterAll(async () => {
    await database?.drop()
  })
  const created = (): TestDatabase => {
    if (database === null) throw new Error('the database exists only while tests run')
    return database
  }
  return {
    get url() {
      return created().url
    },
    get name() {
      return created().name
    },
    get adminUrl() {
      return created().adminUrl
    },
  }
}

async function makeTemplate({ name, fill }: Template): Promise<string> {
  const adminUrl = inject('adminUrl')
  const database = `${inject('databasePrefix')}template_${name}`
  await usingClient(adminUrl, async (client) => {
    // Other workers may want the same template at the same time.
    await client.query('select pg_advisory_lock(hashtext($1))', [database])
    const { rowCount } = await client.query('select from pg_database where datname = $1', [database])
    if (rowCount !== 0) return
    await client.query(`create database ${quote(database)} template template0`)
    try {
      await fill(withDatabase(adminUrl, database))
    } catch (error) {
      await client.query(`drop database ${quote(database)} with (force)`)
      throw error
    }
  })
  return database
}

/** The same server, another database. */
export function withDatabase(url: string, name: string): string {
  const changed = new URL(url)
  changed.pathname = `/${encodeURIComponent(name)}`
  return changed.href
}
