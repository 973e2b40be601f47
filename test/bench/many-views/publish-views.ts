import { Client } from 'pg'

import { describeDefinition } from '../../../src/plan/definition.ts'
import { questionsFingerprint, storedSettings } from '../../../src/plan/stored-definition.ts'
import { loadProject } from '../../../src/project/load-project.ts'
import { loadPostgresParser } from '../../../src/sql/postgres/postgres-parser.ts'
import type { ManyView } from './write-views.ts'

/** Runs of which each view keeps a build in the history. */
const builds = 20

/** Relations of one transaction: a server has room for the locks of some thousands. */
const batch = 500

/**
 * Brings a database to where it is when every view was refreshed for some weeks, without refreshing them: materialized
 * views without rows, and state tables filled. The tables are those of a real `duro refresh` that was run before.
 */
export async function publishViews(url: string, root: string, views: readonly ManyView[]): Promise<void> {
  const parser = await loadPostgresParser()
  const project = await loadProject(root, { parser, env: {} })
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    for (const schema of new Set(views.map((view) => view.schema))) {
      await client.query(`create schema if not exists ${schema}`)
    }
    for (let start = 0; start < views.length; start += batch) {
      const statements = views
        .slice(start, start + batch)
        .map(
          ({ schema, name, sql }) =>
            `create materialized view if not exists ${schema}.${name} as ${sql} with no data`,
        )
      await client.query(statements.join(';\n'))
    }
    await client.query(`
      insert into duro.runs (id, began_at, finished_at, command, outcome, host, user_name, version, all_views)
      select 'bench-' || n, now() - n * interval '1 hour', now(), 'refresh', 'published', 'host', 'joan', '0', true
      from generate_series(1, ${builds}) as n`)
    const definitions = [...project.views.values()].map((view) => ({
      name: view.name,
      schema: view.schema,
      relation: view.relation,
      sql: describeDefinition(view, project).sql,
      settings: storedSettings(
        {
          ...describeDefinition(view, project),
          questions: questionsFingerprint(view),
        },
        () => true,
      ),
    }))
    await client.query(
      `insert into duro.views (name, run_id, materialized, built_at, relation, definition_sql, definition_settings,
                               declared, forced)
       select name, 'bench-1', 'view', now(), to_regclass(format('%I.%I', schema, relation))::oid, sql, settings,
              '{"grantSelect":null,"indexes":[],"description":false}', false
       from json_to_recordset($1) as v(name text, schema text, relation text, sql text, settings text)
       on conflict do nothing`,
      [JSON.stringify(definitions)],
    )
    await client.query(`
      insert into duro.view_runs (run_id, run_began_at, view, reason, outcome, materialized, build_began_at,
                                  build_duration, definition_sql, definition_settings)
      select 'bench-' || n, now() - n * interval '1 hour', name, 'stale', 'published', 'view', now(),
             random() * 1000, definition_sql, definition_settings
      from duro.views, generate_series(1, ${builds}) as n where run_id = 'bench-1'`)
  } finally {
    await client.end()
  }
}
