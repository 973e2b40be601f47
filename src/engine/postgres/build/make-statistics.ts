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
  // Who reads it plans better with them; otherwise they can wait until the view is settled.
  if (work.input.isRead) await work.session.query(`analyze ${work.relation}`)
  return { notices }
}
