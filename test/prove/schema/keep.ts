import { randomBytes } from 'node:crypto'

import { compareCatalogs, readCatalog } from '../../support/catalog-snapshot.ts'
import { createDatabase, query, usingClient } from '../../support/database.ts'
import { dump } from '../../support/pg-dump.ts'
import { writeProject } from '../../support/project.ts'
import { duroOn } from '../duro.ts'
import { type Roles, schemaProject, sources, type Topic } from './scene.ts'

/** What became different, line by line; nothing is what is wanted. */
export interface Kept {
  afterRefresh: string[]
  afterSecondRefresh: string[]
  afterSwapBack: string[]
}

/**
 * Hangs things on the views of a new database, and compares the schema before and after refreshes with the same SQL
 * and the way back.
 * @param pgDump null: only the catalog is compared
 */
export async function keep(topics: readonly Topic[], pgDump: string | null): Promise<Kept> {
  const database = await createDatabase()
  const project = await writeProject(schemaProject)
  const { url } = database
  const prefix = `duro_prove_${randomBytes(4).toString('hex')}`
  const roles: Roles = { owner: `${prefix}_owner`, reader: `${prefix}_reader`, granter: `${prefix}_granter` }
  try {
    const duro = duroOn(project.root, url)
    await query(
      url,
      Object.values(roles)
        .map((role) => `create role ${role}`)
        .join('; '),
    )
    await query(url, sources)
    await query(url, `grant usage, create on schema other, public to ${Object.values(roles).join(', ')}`)
    await duro.refresh()
    await query(url, `grant usage, create on schema first to ${roles.granter}, ${roles.reader}`)
    for (const topic of topics) {
      await usingClient(url, async (client) => {
        for (const statement of topic.statements(roles)) await client.query(statement)
      })
    }
    const before = await describe(url, pgDump)
    await duro.refresh()
    const afterRefresh = differences(before, await describe(url, pgDump))
    await duro.refresh()
    const afterSecondRefresh = differences(before, await describe(url, pgDump))
    await duro.swapBack()
    const afterSwapBack = differences(before, await describe(url, pgDump))
    return { afterRefresh, afterSecondRefresh, afterSwapBack }
  } finally {
    await database.drop()
    await project.cleanup()
    const { adminUrl } = database
    await query(adminUrl, `drop tablespace if exists ${roles.owner}`)
    for (const role of Object.values(roles)) await query(adminUrl, `drop role if exists ${role}`)
  }
}

interface Description {
  /** Null without a fitting pg_dump. */
  dump: string | null
  catalog: string[]
}

async function describe(url: string, pgDump: string | null): Promise<Description> {
  const catalog = await readCatalog(url)
  if (pgDump === null) return { dump: null, catalog }
  const only = ['--schema-only', '--exclude-schema=duro', '--exclude-schema=*__duro*']
  return { dump: await dump(pgDump, url, only), catalog }
}

/** The dump has to be the same byte by byte; what is shown of a difference are lines. */
function differences(before: Description, after: Description): string[] {
  const facts = compareCatalogs(before.catalog, after.catalog)
  if (before.dump === after.dump) return facts
  const lines = compareCatalogs(before.dump?.split('\n') ?? [], after.dump?.split('\n') ?? [])
  return [...(lines.length === 0 ? ['the dump has another order'] : lines), ...facts]
}
