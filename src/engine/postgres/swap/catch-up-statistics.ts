import { formatAddress } from '../../../sql/identifiers.ts'
import { isNamed, type CapturedRelation } from '../catalog/captured-relation.ts'
import { statisticsHashes } from '../catalog/taken-over.ts'
import { statisticsStatements } from '../statements/take-over.ts'
import type { Versions } from './refuse-changed.ts'

/**
 * The same for statistics objects as `indexesOf` for indexes.
 * @param caughtUp those that it got when it caught up before
 * @returns also the names of those that it gets now
 */
export function statisticsOf(
  live: CapturedRelation,
  coming: CapturedRelation,
  { before, now }: Versions['declared'],
  caughtUp: readonly string[],
): { statements: string[]; made: string[] } {
  const columns = coming.columns.map((column) => column.name)
  const [found, made] = [live, coming].map((version) => statisticsHashes(version, columns))
  // Gone from the live version since the build, or another one by now.
  const gone = coming.statistics.filter(
    ({ name }) =>
      !now.table.statistics.includes(name) &&
      found?.[name] !== made?.[name] &&
      (isNamed(live.statistics, name) ||
        caughtUp.includes(name) ||
        Object.hasOwn(now.takenOver?.statistics ?? {}, name)),
  )
  const missing = live.statistics.filter(
    ({ name }) =>
      before?.table.statistics.includes(name) !== true &&
      found?.[name] !== undefined &&
      (!isNamed(coming.statistics, name) || isNamed(gone, name)),
  )
  return {
    statements: [
      ...gone.map((statistics) => `drop statistics ${formatAddress(statistics)}`),
      ...missing.flatMap((statistics) => statisticsStatements(coming, statistics)),
    ],
    made: missing.map(({ name }) => name),
  }
}
