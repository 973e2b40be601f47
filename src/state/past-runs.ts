import { sql } from 'kysely'
import { median } from '../median.ts'
import type { State } from './state.ts'

export interface PastRuns {
  /**
   * What a build usually takes, in milliseconds: the median of the last ones, so that one that waited for a lock does not
   * count. Null: none is known.
   */
  usualDuration: number | null
  /** The last run that came to an end with it failed on it. */
  failed: boolean
}

/**
 * The last builds of each of these views, and how they ended; a view without any has no entry.
 * @param most how many builds of a view count
 */
export async function readPastRuns(
  state: State,
  views: readonly string[],
  most: number,
): Promise<ReadonlyMap<string, PastRuns>> {
  return state.engine === 'postgres' ? alongIndex(state, views, most) : rankedByTime(state, views, most)
}

/** View by view, so that it takes as long after years of history as after a day. */
async function alongIndex(
  { db, schema }: State,
  views: readonly string[],
  most: number,
): Promise<ReadonlyMap<string, PastRuns>> {
  const table = sql.id(schema, 'view_runs')
  const { rows } = await sql<{ view: string; usual: number | null; outcome: string | null }>`
    select wanted.view, builds.usual, newest.outcome
    from unnest(${views}::text[]) as wanted(view)
    left join lateral (
      select percentile_cont(0.5) within group (order by build_duration) as usual
      from (select build_duration from ${table} as past
            where past.view = wanted.view and build_duration is not null
            order by run_began_at desc limit ${most}) as last_builds
    ) as builds on true
    left join lateral (
      select outcome from ${table} as past
      where past.view = wanted.view and outcome in ('failed', 'published')
      order by run_began_at desc limit 1
    ) as newest on true
    where usual is not null or outcome is not null`.execute(db)
  return new Map(
    rows.map(({ view, usual, outcome }) => [view, { usualDuration: usual, failed: outcome === 'failed' }]),
  )
}

/** Redshift knows neither indexes nor lateral joins, and reads the columns of a whole table in no time. */
async function rankedByTime(
  { db, schema }: State,
  views: readonly string[],
  most: number,
): Promise<ReadonlyMap<string, PastRuns>> {
  if (views.length === 0) return new Map()
  const table = sql.id(schema, 'view_runs')
  const { rows } = await sql<{ view: string; duration: number | null; outcome: string | null }>`
    select view, duration, outcome
    from (
      select view, build_duration as duration, cast(null as varchar(600)) as outcome, run_began_at,
             row_number() over (partition by view order by run_began_at desc) as place
      from ${table} where view in (${sql.join(views)}) and build_duration is not null
      union all
      select view, cast(null as double precision), outcome, run_began_at,
             row_number() over (partition by view order by run_began_at desc) + ${sql.lit(most - 1)}
      from ${table} where view in (${sql.join(views)}) and outcome in ('failed', 'published')
    ) as ranked
    where place <= ${sql.lit(most)}
    order by run_began_at desc`.execute(db)
  const past = new Map<string, { durations: number[]; failed: boolean }>()
  for (const { view, duration, outcome } of rows) {
    const known = past.get(view) ?? { durations: [], failed: false }
    if (duration !== null) known.durations.push(duration)
    past.set(view, { ...known, failed: known.failed || outcome === 'failed' })
  }
  return new Map(
    [...past].map(([view, { durations, failed }]) => [view, { usualDuration: median(durations), failed }]),
  )
}
