import { formatAddress } from '../../../sql/identifiers.ts'
import { isNamed } from '../catalog/captured-relation.ts'
import { relationKind } from '../relation-kind.ts'
import { commentStatement, formatMarker, parseMarker } from '../statements/marker.ts'
import { indexesOf } from './catch-up-indexes.ts'
import { commentOf } from './catch-up-rights.ts'
import { statisticsOf } from './catch-up-statistics.ts'
import type { Versions } from './refuse-changed.ts'

/**
 * The indexes and statistics objects that the one that comes lacks, as statements, and a note on it which they are: they
 * go again where they are dropped before the next try.
 */
export function extrasOf({ live, coming, declared }: Versions): string[] {
  const kind = relationKind(coming.kind)
  if (kind === null || kind === 'view') return []
  const marker = parseMarker(coming.comment)
  const before = marker?.caughtUp ?? { indexes: [], statistics: [] }
  const statistics = statisticsOf(live, coming, declared, before.statistics)
  const indexes = indexesOf(live, coming, declared, before.indexes)
  const statements = [...statistics.statements, ...indexes.statements]
  if (marker === null || statements.length === 0) return statements
  const caughtUp = {
    indexes: [...new Set([...before.indexes, ...indexes.made])].filter((name) => isNamed(live.indexes, name)),
    statistics: [...new Set([...before.statistics, ...statistics.made])].filter((name) =>
      isNamed(live.statistics, name),
    ),
  }
  const noted = formatMarker({ ...marker, comment: commentOf({ live, coming, declared }), caughtUp })
  return [...statements, commentStatement(kind, formatAddress(coming), noted)]
}
