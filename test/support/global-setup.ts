import type { TestProject } from 'vitest/node'

import { buildProgram } from './build-program.ts'
import { makeRunFolder, removeRunFolder } from './run-folder.ts'
import { dropDatabasesOf, serverVersion } from './server.ts'
import { startServer } from './start-server.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** For all files that tests write; absent in unit tests, which have no setup. */
    runFolder: string | undefined
    /** A database on the test server from which others can be created. */
    adminUrl: string
    /** Begins the names of all databases of this run of the tests. */
    databasePrefix: string
    /** As PostgreSQL numbers it: 180004 is 18.4. */
    serverVersion: number
  }
}

/** Runs once, before the first test that needs a server; what it returns runs after the last one. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = makeRunFolder()
  const [server] = await Promise.all([startServer(folder), buildProgram()])
  try {
    const version = await serverVersion(server.url)
    process.stdout.write(`Testing against PostgreSQL ${version.text}, ${server.description}.\n`)
    const databasePrefix = `duro_test_${process.pid}_`
    project.provide('runFolder', folder)
    project.provide('adminUrl', server.url)
    project.provide('databasePrefix', databasePrefix)
    project.provide('serverVersion', version.number)
    return async () => {
      try {
        await dropDatabasesOf(server.url, databasePrefix)
      } finally {
        await server.stop()
        removeRunFolder(folder)
      }
    }
  } catch (error) {
    await server.stop()
    throw error
  }
}
