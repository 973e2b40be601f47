import { randomBytes } from 'node:crypto'

import type { QueryResultRow } from 'pg'
import { onTestFinished } from 'vitest'

import { createDatabase, query, withDatabase } from '../database.ts'
import { duro, refresh, type DuroOptions, type Ran } from '../duro.ts'
import { writeProject, type Files, type TestProject } from '../project.ts'
import { startStandIn, type Hook, type StandInOptions } from './start-stand-in.ts'

/** A cluster to test against; without it the stand-in takes its place. */
export const clusterUrl = process.env['DURO_TEST_REDSHIFT_URL'] ?? null

/** What a project says at least; without the engine it would be read twice. */
export const redshiftYaml = 'engine: redshift\ndefault_interval: 1h\n'

/** A project and a database of its own, for one test. */
export interface RedshiftWorld {
  url: string
  project: TestProject
  /** Several statements, each on its own where they are given one by one. */
  sql<Row extends QueryResultRow = QueryResultRow>(...statements: string[]): Promise<Row[]>
  /** Fails the test when the refresh fails. */
  refresh(...args: string[]): Promise<Ran>
  duro(args: readonly string[], options?: DuroOptions): Promise<Ran>
  /** Decides what happens to a statement. A cluster takes no orders: such tests need the stand-in. */
  onStatement(hook: Hook | null): void
}

/**
 * @param sources each a statement
 * @param s3 where the stand-in finds what is loaded
 */
export async function makeRedshiftWorld(
  sources: readonly string[],
  files: Files,
  env: NodeJS.ProcessEnv = {},
  s3: StandInOptions['s3'] = null,
): Promise<RedshiftWorld> {
  const server = clusterUrl === null ? await standInServer(s3) : await clusterServer(clusterUrl)
  const project = await writeProject({ 'duro.yaml': redshiftYaml, ...files })
  onTestFinished(async () => {
    await project.cleanup()
    await server.stop()
  })
  const { url } = server
  for (const source of sources) await query(url, source)
  return {
    url,
    project,
    async sql<Row extends QueryResultRow>(...statements: string[]) {
      let rows: Row[] = []
      for (const statement of statements) rows = await query<Row>(url, statement)
      return rows
    },
    refresh: (...args) => refresh(project, url, args, { env }),
    duro: (args, options) => duro(project, url, args, { env, ...options }),
    onStatement: server.onStatement,
  }
}

/** An empty database that speaks as Redshift does. */
export interface RedshiftServer {
  url: string
  /** A database of the cluster that outlives this one; null where the whole server is the tests'. */
  adminUrl: string | null
  onStatement: (hook: Hook | null) => void
  stop: () => Promise<void>
}

export async function standInServer(s3: StandInOptions['s3'] = null): Promise<RedshiftServer> {
  const database = await createDatabase()
  const standIn = await startStandIn({ upstream: database.url, s3 })
  return {
    url: standIn.url(),
    adminUrl: null,
    onStatement: (hook) => standIn.onStatement(hook),
    async stop() {
      await standIn.close()
      await database.drop()
    },
  }
}

export async function clusterServer(adminUrl: string): Promise<RedshiftServer> {
  const name = `duro_test_${randomBytes(5).toString('hex')}`
  await query(adminUrl, `create database ${name}`)
  return {
    url: withDatabase(adminUrl, name),
    adminUrl,
    onStatement() {
      throw new Error('a cluster takes no orders')
    },
    stop: async () => {
      await query(adminUrl, `drop database ${name}`)
    },
  }
}
