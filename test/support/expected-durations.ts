import * as z from 'zod'

import type { World } from './world.ts'

/** A view of each: never built, built once, an even number of times, with an odd night, and long ago quicker. */
const builds: Readonly<Record<string, readonly number[]>> = {
  never: [],
  once: [7],
  even: [10, 20],
  odd: [10, 9_000, 12],
  many: [...Array<number>(11).fill(5), ...Array<number>(30).fill(1)],
}

export const filesOfBuilds = Object.fromEntries(
  Object.keys(builds).map((name) => [`views/first/${name}.sql`, 'select 1 as n']),
)

/** They write the history of those builds, newest first, in place of what is there. */
function statementsOfBuilds(): string[] {
  const rows = Object.entries(builds).flatMap(([name, durations]) =>
    durations.map(
      (duration, age) =>
        `('run-${age}', timestamp '2026-01-31' - interval '${age} days', 'first.${name}', 'stale', 'published', 'view', ${duration}, '', '')`,
    ),
  )
  return [
    'delete from duro.view_runs',
    `insert into duro.view_runs (run_id, run_began_at, view, reason, outcome, materialized, build_duration,
                                 definition_sql, definition_settings)
     values ${rows.join(', ')}`,
  ]
}

const plan = z.object({ views: z.array(z.object({ name: z.string(), expected: z.number().nullable() })) })

/** What a plan expects of each view, after those builds. */
export async function expectedAfterBuilds(
  world: Pick<World, 'refresh' | 'duro'> & { sql: (text: string) => Promise<unknown> },
): Promise<Readonly<Record<string, number | null>>> {
  await world.refresh()
  for (const statement of statementsOfBuilds()) await world.sql(statement)
  const { stdout } = await world.duro(['plan', '--force', '--json'])
  const { views } = plan.parse(JSON.parse(stdout))
  return Object.fromEntries(views.map(({ name, expected }) => [name, expected]))
}

export const usualDurations = {
  'first.never': null,
  'first.once': 7,
  'first.even': 15,
  'first.odd': 12,
  'first.many': 5,
}
