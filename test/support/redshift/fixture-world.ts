import { cp, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { QueryResultRow } from 'pg'

import { runDuro, type CliResult } from '../cli.ts'
import { query } from '../database.ts'
import { repositoryRoot } from '../repository-root.ts'
import { makeTemporaryFolder } from '../temporary-folder.ts'
import type { Bucket } from './bucket.ts'
import type { RedshiftServer } from './redshift-world.ts'

/** A copy of a folder of `fixtures/`, with a database that its setup has filled. */
export interface FixtureWorld {
  url: string
  root: string
  /** Runs the built program in the folder. */
  run(...args: string[]): Promise<CliResult>
  /** All that the program has printed so far. */
  printed(): string
  sql<Row extends QueryResultRow = QueryResultRow>(sql: string): Promise<Row[]>
  /** Runs a file of the fixture's setup. */
  apply(file: string): Promise<void>
  env: Readonly<Record<string, string>>
  stop(): Promise<void>
}

/**
 * @param server is stopped with it
 * @param bucket takes the place of `s3` in duro.yaml, and is closed with it
 */
export async function makeFixtureWorld(
  fixture: string,
  server: RedshiftServer,
  bucket: Bucket | null = null,
): Promise<FixtureWorld> {
  const root = await makeTemporaryFolder(fixture)
  await cp(join(repositoryRoot, 'fixtures', fixture), root, { recursive: true })
  if (bucket !== null) {
    const settings = await readFile(join(root, 'duro.yaml'), 'utf8')
    await writeFile(join(root, 'duro.yaml'), `${settings.replace(/^s3:\n(?: .*\n)+/m, '')}${bucket.yaml}`)
  }
  const { url } = server
  const printed: string[] = []
  const made = await makeGroups(url, await readFile(join(root, 'setup', '00_groups.sql'), 'utf8'))
  const env = { ...bucket?.env, DATABASE_URL: url }
  const world: FixtureWorld = {
    url,
    root,
    env,
    async run(...args) {
      const result = await runDuro(args, { cwd: root, env })
      printed.push(result.stdout, result.stderr)
      return result
    },
    printed: () => printed.join('\n'),
    sql: (sql) => query(url, sql),
    async apply(file) {
      await query(url, await readFile(join(root, 'setup', file), 'utf8'))
    },
    async stop() {
      await bucket?.close()
      await server.stop()
      if (server.adminUrl !== null)
        for (const group of made) await query(server.adminUrl, `drop group ${group}`)
    },
  }
  const files = await readdir(join(root, 'setup'))
  // What comes a day later is the tests' to tell.
  const later = /_(groups|changes|new_donations)\.sql$/
  for (const file of files.toSorted()) if (!later.test(file)) await world.apply(file)
  return world
}

/** Groups belong to the whole server: another test may have made them. @returns those that were not there */
async function makeGroups(url: string, sql: string): Promise<string[]> {
  const made: string[] = []
  for (const [statement, name = ''] of sql.matchAll(/^create group (\w+)/gm)) {
    try {
      await query(url, statement)
      made.push(name)
    } catch (error) {
      if (!String(error).includes('already exists')) throw error
    }
  }
  return made
}
