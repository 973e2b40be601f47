import { createHash } from 'node:crypto'
import type { TakenOver } from '../../declared.ts'
import { relationKind, type RelationKind } from '../relation-kind.ts'
import type {
  CapturedColumn,
  CapturedConstraint,
  CapturedIndex,
  CapturedRelation,
  CapturedStatistics,
} from './captured-relation.ts'

/**
 * What a new version gets from the live one when it is built, and only then: what it had then and what it has at the
 * swap can be compared. Whatever the swap takes over itself is not in it, nor what catching up makes up for, nor what
 * is as the server makes it of itself.
 * @param kind of the new version
 * @param columns of the new version: what stands on others is lost with them
 */
export function takenOver(
  live: CapturedRelation | null,
  kind: RelationKind,
  columns: readonly string[],
): TakenOver {
  if (live === null) return { aspects: {}, indexes: {}, statistics: {} }
  const isAlike = relationKind(live.kind) === kind
  return {
    aspects: hashed([
      ...live.extensions.map((name): Entry => [`the dependence on extension ${name}`, name]),
      ...live.columns
        .filter(({ name }) => columns.includes(name))
        .flatMap((column) => columnEntries(column, kind)),
      ...(isAlike ? storageEntries(live, kind) : []),
      ...(isAlike && kind !== 'view' ? indexRoleEntries(live) : []),
      ...(isAlike && kind === 'table'
        ? live.constraints
            .filter(standingOn(columns))
            .map((each): Entry => [constraintKey(each.name), constraintValue(each)])
        : []),
    ]),
    indexes: kind === 'view' ? {} : indexHashes(live, columns),
    statistics: kind === 'view' ? {} : statisticsHashes(live, columns),
  }
}

/** How the indexes of a version are, by their names, but for their comments. */
export const indexHashes = (
  { indexes }: CapturedRelation,
  columns: readonly string[],
): TakenOver['indexes'] => hashed(indexes.filter(standingOn(columns)).map(indexEntry))

/** The same for its statistics objects, with their comments. */
export const statisticsHashes = (
  { statistics }: CapturedRelation,
  columns: readonly string[],
): TakenOver['statistics'] => hashed(statistics.filter(standingOn(columns)).map(statisticsEntry))

const standingOn =
  (columns: readonly string[]) =>
  (item: { columns: readonly string[] }): boolean =>
    item.columns.every((column) => columns.includes(column))

/** What it is, in words, and how it is; null, or an empty list, where nobody has set it. */
type Entry = [what: string, how: unknown]

export const constraintKey = (name: string): string => `constraint ${name}`
export const defaultKey = (column: string): string => `the default of column ${column}`
export const identityKey = (column: string): string => `the identity of column ${column}`
export const notNullKey = (column: string): string => `not null of column ${column}`

function columnEntries({ name, ...column }: CapturedColumn, kind: RelationKind): Entry[] {
  const entries: Entry[] = kind === 'materialized view' ? [] : [[defaultKey(name), column.default]]
  if (kind === 'view') return entries
  if (kind === 'table')
    entries.push([identityKey(name), column.identity], [notNullKey(name), column.notNull || null])
  return [
    ...entries,
    [`the storage of column ${name}`, column.storage],
    [`the compression of column ${name}`, column.compression],
    [`the statistics target of column ${name}`, column.statistics],
    [`the options of column ${name}`, column.options.toSorted()],
  ]
}

function storageEntries(live: CapturedRelation, kind: RelationKind): Entry[] {
  if (kind === 'view') return [['options', live.options.toSorted()]]
  return [
    ['storage parameters', live.options.toSorted()],
    ['storage parameters of its TOAST table', live.toastOptions.toSorted()],
    ['the tablespace', live.tablespace],
    ['the access method', live.accessMethod === 'heap' ? null : live.accessMethod],
    ['whether it is logged', live.persistence === 'p' ? null : live.persistence],
  ]
}

/** By what the index is on, since its name may change. */
function indexRoleEntries(live: CapturedRelation): Entry[] {
  const indexes = [
    ...live.indexes.map((index) => ({ ...index, on: index.using })),
    ...live.constraints.flatMap(({ index, definition }) =>
      index === null ? [] : [{ ...index, on: definition }],
    ),
  ]
  const identifying = indexes.find((index) => index.replicaIdentity)
  return [
    ['the index that it is clustered on', indexes.find((index) => index.clustered)?.on ?? null],
    [
      'the replica identity',
      identifying?.on ?? ('fn'.includes(live.replicaIdentity) ? live.replicaIdentity : null),
    ],
  ]
}

function constraintValue({ definition, comment, index }: CapturedConstraint): unknown {
  if (index === null) return { definition, comment }
  const { name, options, tablespace } = index
  return {
    definition,
    comment,
    index: { name, options: options.toSorted(), tablespace, comment: index.comment },
  }
}

const indexEntry = ({ name, unique, using, tablespace, statistics, extensions }: CapturedIndex): Entry => [
  name,
  { unique, using, tablespace, statistics, extensions },
]

const statisticsEntry = ({ name, definition, target, owner, comment }: CapturedStatistics): Entry => [
  name,
  { definition, target, owner, comment },
]

function hashed(entries: readonly Entry[]): Record<string, string> {
  const set = entries.filter(([, how]) => how !== null && !(Array.isArray(how) && how.length === 0))
  return Object.fromEntries(set.map(([what, how]) => [what, hash(JSON.stringify(how))]))
}

const hash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 12)
