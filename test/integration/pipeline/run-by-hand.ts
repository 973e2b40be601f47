import { buildGraph } from '../../../src/graph/build-graph.ts'
import { loadProject } from '../../../src/project/load-project.ts'
import { quoteIdentifier } from '../../../src/sql/identifiers.ts'
import { loadPostgresParser } from '../../../src/sql/postgres/postgres-parser.ts'
import { usingClient } from '../../support/database.ts'

/**
 * Runs every file of a project as a person would: untouched, one after another in the order of their dependencies.
 * What duro published is moved aside meanwhile, in a transaction that is rolled back.
 * @returns how many rows only one side has, by view
 */
export async function differencesByHand(url: string, root: string): Promise<Record<string, number>> {
  const project = await loadProject(root, { parser: await loadPostgresParser(), env: {} })
  const views = buildGraph(project).order.flatMap((name) => project.views.get(name) ?? [])
  return usingClient(url, async (client) => {
    const differences: Record<string, number> = {}
    await client.query('begin')
    await client.query('create schema published')
    for (const { name, schema, relation } of views) {
      const [live, copy] = [`${quoteIdentifier(schema)}.${quoteIdentifier(relation)}`, aside(name)]
      await client.query(`create table ${copy} as table ${live}`)
      await client.query(`alter table ${live} rename to ${quoteIdentifier(`${relation}_by_duro`)}`)
    }
    await client.query(
      `set local search_path = ${project.settings.defaultSchema.map(quoteIdentifier).join(', ')}`,
    )
    for (const { name, schema, relation, file, feed } of views) {
      const byHand = `${quoteIdentifier(schema)}.${quoteIdentifier(relation)}`
      await client.query(`create table ${byHand} as\n${feed === null ? file.text : `table ${aside(name)}`}`)
      const { rows } = await client.query<{ n: number }>(
        `select count(*)::int as n from (
           (table ${byHand} except all table ${aside(name)})
           union all
           (table ${aside(name)} except all table ${byHand})) as only_one`,
      )
      differences[name] = rows[0]?.n ?? -1
    }
    await client.query('rollback')
    return differences
  })
}

const aside = (name: string): string => `published.${quoteIdentifier(name)}`
