import { compareCatalogs, readCatalog } from '../../support/catalog-snapshot.ts'
import { createDatabase, query } from '../../support/database.ts'
import { writeProject } from '../../support/project.ts'
import { duroOn } from '../duro.ts'
import { schemaProject, sources } from './scene.ts'

/** What no refresh can carry over, and has to refuse before it builds anything. */
export const refused: Readonly<Record<string, string>> = {
  'a table that inherits': 'create table other.child (more integer) inherits (first.tab)',
  'a materialized view that duro does not manage':
    'create materialized view other.strange as select * from first.mat',
  'a function with a row type': `create function other.takes(first.mat) returns integer language sql as 'select 1'`,
  'a domain over a row type': 'create domain other.narrow as first.mat',
}

/** @returns what the refresh said, and what it changed all the same */
export async function refreshWith(statement: string): Promise<{ said: string | null; changed: string[] }> {
  const database = await createDatabase()
  const project = await writeProject(schemaProject)
  const { url } = database
  try {
    const duro = duroOn(project.root, url)
    await query(url, sources)
    await duro.refresh()
    await duro.cleanup()
    await query(url, statement)
    const before = await readCatalog(url)
    const said = await duro.refresh().then(
      () => null,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    )
    await duro.cleanup()
    return { said, changed: compareCatalogs(before, await readCatalog(url)) }
  } finally {
    await project.cleanup()
    await database.drop()
  }
}
