import type { Session } from '../connection/session.ts'
import { extentOf, firstStatistics, type Extent } from '../statements/upkeep.ts'
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

/** So that who reads or tests the new version in this run is planned well. @returns how large it is */
export async function makeFirstStatistics(session: Session, relation: string): Promise<Extent> {
  const [row] = await session.query<{ size: number }>(
    'select pg_relation_size($1::regclass)::float8 as size',
    [relation],
  )
  const extent = extentOf(row?.size ?? 0)
  for (const statement of firstStatistics(relation, extent)) await session.query(statement)
  return extent
}
