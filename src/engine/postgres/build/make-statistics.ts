import type { CapturedIndex, CapturedStatistics } from '../catalog/captured-relation.ts'
import type { Session } from '../connection/session.ts'
import { extentOf, firstStatistics, type Extent } from '../statements/upkeep.ts'
import { indexRoleStatements, statisticsExtras, statisticsStatements } from '../statements/take-over.ts'
import { readNotNull } from './read-not-null.ts'
import type { Work } from './work.ts'

/**
 * The statistics objects of the live version, and the parts that indexes play.
 * @param indexes names on the new version, by name on the live one
 */
export async function makeStatistics(
  work: Work,
  columns: readonly string[],
  indexes: ReadonlyMap<string, string>,
): Promise<{ notices: readonly string[] }> {
  if (work.kind === 'view') return { notices: [] }
  const notices: string[] = []
  for (const statistics of work.live?.statistics ?? []) {
    const lost = statistics.columns.filter((column) => !columns.includes(column))
    if (lost.length > 0) notices.push(`statistics ${statistics.name} is lost with column ${lost.join(', ')}`)
    else await work.session.query(statementsFor(work, statistics).join(';\n'))
  }
  return { notices: [...notices, ...(await giveRoles(work, indexes))] }
}

/**
 * An index that is no longer made, or that is another one now, cannot play its part any more; those of constraints that
 * the table came with can. Where the user's own statement no longer says that its columns are not null, it cannot be the
 * replica identity.
 * @returns what is lost, in words
 */
async function giveRoles(
  { session, kind, target, relation, alike, brought }: Work,
  indexes: ReadonlyMap<string, string>,
): Promise<string[]> {
  const ofStatement = new Set(brought?.constraints.flatMap(({ index }) => index?.name ?? []))
  const nameOf = (index: string): string | null =>
    indexes.get(index) ?? (ofStatement.has(index) ? index : null)
  const identifying = alike?.indexes.find((index) => index.replicaIdentity)
  const lost =
    identifying === undefined || brought === null || (await isNotNull(session, relation, identifying))
      ? undefined
      : identifying
  const version =
    alike === null || lost === undefined
      ? alike
      : {
          ...alike,
          indexes: alike.indexes.map((index) =>
            index === lost ? { ...index, replicaIdentity: false } : index,
          ),
        }
  const statements = indexRoleStatements(kind, target, version, nameOf)
  if (statements.length > 0) await session.query(statements.join(';\n'))
  return lost === undefined
    ? []
    : [`index ${lost.name} was the replica identity, and its columns now may be null`]
}

async function isNotNull(session: Session, relation: string, index: CapturedIndex): Promise<boolean> {
  const columns = await readNotNull(session, relation)
  return index.columns.every((column) => columns.has(column))
}

/** One that the table came with, from `like`, is there already, and may have a comment of its own. */
function statementsFor({ target, brought }: Work, statistics: CapturedStatistics): string[] {
  const own = brought?.statistics.find(({ name }) => name === statistics.name)
  return own === undefined
    ? statisticsStatements(target, statistics)
    : statisticsExtras(target, { ...statistics, comment: own.comment ?? statistics.comment })
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
