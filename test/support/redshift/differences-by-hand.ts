import type { Client } from 'pg'

import { buildGraph } from '../../../src/graph/build-graph.ts'
import { loadProject } from '../../../src/project/load-project.ts'
import type { View } from '../../../src/project/view.ts'
import { quoteIdentifier } from '../../../src/sql/identifiers.ts'
import { loadRedshiftParser } from '../../../src/sql/redshift/redshift-parser.ts'
import { usingClient } from '../client.ts'

/**
 * Runs every file of a project as a person would: untouched, one after another in the order of their dependencies.
 * What duro published is moved aside meanwhile, in a transaction that is rolled back. Of a processor its select is
 * compared, in the columns that it has; the rows of an import are taken as they are.
 * @returns how many rows only one side has, by view
 */
export async function differencesByHand(
  url: string,
  root: string,
  env: NodeJS.ProcessEnv,
): Promise<Record<string, number>> {
  const project = await loadProject(root, { parser: await loadRedshiftParser(), engine: 'redshift', env })
  const views = buildGraph(project).order.flatMap((name) => project.views.get(name) ?? [])
  return usingClient(url, async (client) => {
    const differences: Record<string, number> = {}
    await client.query('begin')
    await client.query('create schema published')
    for (const view of views) {
      await client.query(`create table ${aside(view)} as select * from ${live(view)}`)
      await client.query(`alter table ${live(view)} rename to ${quoteIdentifier(`${view.relation}_by_duro`)}`)
    }
    await client.query(`set local search_path to ${project.settings.defaultSchema.join(', ')}`)
    for (const view of views) differences[view.name] = await compare(client, view)
    await client.query('rollback')
    return differences
  })
}

async function compare(client: Client, view: View): Promise<number> {
  const { feed, file } = view
  const select = feed === null ? file.text : feed.kind === 'processor' ? feed.select.text : null
  const byHand = `${quoteIdentifier(view.schema)}.${quoteIdentifier(`${view.relation}_by_hand`)}`
  await client.query(`create table ${byHand} as\n${select ?? `select * from ${aside(view)}`}`)
  // What others read under the live name: with the columns of a processor, too.
  await client.query(`create table ${live(view)} as select * from ${feed === null ? byHand : aside(view)}`)
  const { fields } = await client.query(`select * from ${byHand} limit 0`)
  const columns = fields.map(({ name }) => quoteIdentifier(name)).join(', ')
  const rowsOf = (relation: string): string => `(select ${columns} from ${relation})`
  // There is no `except all`: equal sets and equal numbers of rows, where every row has a key, are equal rows.
  const { rows } = await client.query<{ n: number }>(
    `select (
       (select count(*) from (${rowsOf(byHand)} except ${rowsOf(aside(view))}) by_hand)
       + (select count(*) from (${rowsOf(aside(view))} except ${rowsOf(byHand)}) by_duro)
       + abs((select count(*) from ${byHand}) - (select count(*) from ${aside(view)}))
     )::integer as n`,
  )
  return rows[0]?.n ?? -1
}

const live = ({ schema, relation }: View): string => `${quoteIdentifier(schema)}.${quoteIdentifier(relation)}`

const aside = ({ schema, relation }: View): string => `published.${quoteIdentifier(`${schema}_${relation}`)}`
