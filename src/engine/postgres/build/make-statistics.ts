import type { ViewToBuild } from '../../builder.ts'
import type { Session } from '../connection/session.ts'
import { indexRoleStatements, statisticsStatements } from '../statements/take-over.ts'
import type { Work } from './work.ts'

/** The statistics objects of the live version, the parts that indexes play, and fresh statistics for the planner. */
export async function makeStatistics(
  work: Work,
  columns: readonly string[],
): Promise<{ notices: readonly string[] }> {
  if (work.kind === 'view') return { notices: [] }
  const notices: string[] = []
  for (const statistics of work.live?.statistics ?? []) {
    const lost = statistics.columns.filter((column) => !columns.includes(column))
    if (lost.length > 0) notices.push(`statistics ${statistics.name} is lost with column ${lost.join(', ')}`)
    else await work.session.query(statisticsStatements(work.target, statistics).join(';\n'))
  }
  const roles = indexRoleStatements(work.kind, work.target, work.alike)
  if (roles.length > 0) await work.session.query(roles.join(';\n'))
  return { notices }
}

/** How many rows the statistics were made of. */
export type Sample = 'full' | 'small'

/**
 * Statistics for those who read or test the new version in this run: without them the planner knows nothing. A small
 * sample will do where a full one would take its time beside the rows; that comes with the upkeep.
 */
export async function makeFirstStatistics(session: Session, relation: string): Promise<Sample> {
  const [row] = await session.query<{ size: number }>(
    'select pg_relation_size($1::regclass)::float8 as size',
    [relation],
  )
  const sample = sampleOf(row?.size ?? 0)
  for (const statement of firstStatistics(relation, sample)) await session.query(statement)
  return sample
}

/** @param size in bytes: few rows are all read soon, and of very many a small sample is too rough */
export const sampleOf = (size: number): Sample =>
  size > 16 * 1024 * 1024 && size < 256 * 1024 * 1024 ? 'small' : 'full'

export function firstStatistics(relation: string, sample: Sample): string[] {
  return sample === 'full'
    ? [`analyze ${relation}`]
    : ["select set_config('default_statistics_target', '10', true)", `analyze ${relation}`]
}

/**
 * What a new version needs behind the back of those who read it. A REFRESH sets no visibility bits, and without them no
 * scan is index-only; a frozen COPY sets them.
 */
export function upkeep(
  relation: string,
  materialized: ViewToBuild['view']['settings']['materialized'],
  first: Sample,
): string[] {
  if (materialized === 'none') return []
  if (materialized === 'view')
    return [first === 'full' ? `vacuum ${relation}` : `vacuum (analyze) ${relation}`]
  return first === 'full' ? [] : [`analyze ${relation}`]
}
