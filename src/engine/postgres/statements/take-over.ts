import { formatAddress, quoteIdentifier, type Address } from '../../../sql/identifiers.ts'
import type {
  CapturedColumn,
  CapturedRelation,
  CapturedStatistics,
  Grant,
} from '../catalog/captured-relation.ts'
import type { RelationKind } from '../relation-kind.ts'
import { columnGrantStatements, grantStatements } from './grants.ts'
import { commentStatement, formatMarker } from './marker.ts'

/** What a new relation takes over from the live one, and from the settings. */
export interface TakeOver {
  kind: RelationKind
  target: Address
  runId: string
  owner: string
  /** The live version of the same kind, or null. */
  live: CapturedRelation | null
  grants: readonly Grant[] | null
  /** Who may have got something at creation that is not meant. */
  presentByDefault: readonly (string | null)[]
  /** What the relation's comment will be once it is live. */
  comment: string | null
  /** Descriptions from the settings win over the comments that stand on the live columns. */
  columnComments: Readonly<Record<string, string>>
  /** The columns whose comments came from the settings of the last publication, and go with them. */
  columnsBefore: readonly string[]
  /** The columns that the new relation has. */
  columns: readonly string[]
}

/** Everything between the relation's creation and its rows: marker, owner, columns, comments, grants. */
export function takeOverStatements(input: TakeOver): string[] {
  const relation = formatAddress(input.target)
  const marker = formatMarker({ place: 'new', run: input.runId, comment: input.comment })
  const kept = (input.live?.columns ?? []).filter((column) => input.columns.includes(column.name))
  return [
    commentStatement(input.kind, relation, marker),
    `alter ${input.kind} ${relation} owner to ${quoteIdentifier(input.owner)}`,
    ...kept.flatMap((column) => columnStatements(input.kind, relation, column)),
    ...columnComments(relation, kept, input),
    ...(input.live?.extensions ?? []).map(
      (extension) => `alter ${input.kind} ${relation} depends on extension ${quoteIdentifier(extension)}`,
    ),
    ...grantStatements(relation, input.owner, input.grants, input.presentByDefault),
    ...kept.flatMap((column) =>
      columnGrantStatements(relation, input.owner, column.name, column.grants ?? []),
    ),
  ]
}

const columnStatements = (kind: RelationKind, relation: string, column: CapturedColumn): string[] =>
  columnClauses(kind, column).map((clause) => columnStatement(kind, relation, column.name, clause))

/** @param clause one of `columnClauses` */
export const columnStatement = (
  kind: RelationKind,
  relation: string,
  column: string,
  clause: string,
): string => `alter ${kind} ${relation} alter column ${quoteIdentifier(column)} ${clause}`

/** What was set for a column of the live relation: `set default 3`. */
export function columnClauses(kind: RelationKind, column: CapturedColumn): string[] {
  const setDefault =
    column.default === null || kind === 'materialized view' ? [] : [`set default ${column.default}`]
  if (kind === 'view') return setDefault
  const storage = { p: 'plain', e: 'external', m: 'main', x: 'extended' }[column.storage ?? '']
  return [
    ...setDefault,
    ...(storage === undefined ? [] : [`set storage ${storage}`]),
    ...(column.compression === null ? [] : [`set compression ${column.compression}`]),
    ...(column.statistics === null ? [] : [`set statistics ${column.statistics}`]),
    ...(column.options.length === 0 ? [] : [`set (${column.options.join(', ')})`]),
  ]
}

function columnComments(relation: string, kept: readonly CapturedColumn[], input: TakeOver): string[] {
  const comments = new Map(
    kept
      .filter((column) => !input.columnsBefore.includes(column.name))
      .map((column) => [column.name, column.comment]),
  )
  for (const [column, description] of Object.entries(input.columnComments)) {
    if (input.columns.includes(column)) comments.set(column, description)
  }
  return [...comments]
    .filter(([, comment]) => comment !== null)
    .map(([column, comment]) => commentStatement('column', `${relation}.${quoteIdentifier(column)}`, comment))
}

/**
 * After the rows and the indexes: which index the relation is clustered on and identified by.
 * @param nameOf what an index of the live version is called on the new one; null where it is not there
 */
export function indexRoleStatements(
  kind: RelationKind,
  target: Address,
  live: CapturedRelation | null,
  nameOf: (index: string) => string | null,
): string[] {
  const relation = formatAddress(target)
  const statements: string[] = []
  const ofConstraints = (live?.constraints ?? []).flatMap((constraint) => constraint.index ?? [])
  for (const index of [...(live?.indexes ?? []), ...ofConstraints]) {
    const newName = nameOf(index.name)
    if (newName === null) continue
    const name = quoteIdentifier(newName)
    if (index.clustered) statements.push(`alter ${kind} ${relation} cluster on ${name}`)
    if (index.replicaIdentity)
      statements.push(`alter ${kind} ${relation} replica identity using index ${name}`)
  }
  if (live?.replicaIdentity === 'f') statements.push(`alter ${kind} ${relation} replica identity full`)
  if (live?.replicaIdentity === 'n') statements.push(`alter ${kind} ${relation} replica identity nothing`)
  return statements
}

/**
 * A statistics object lives in a schema of its own and does not move with its relation. Until the swap
 * it stands beside the new relation.
 */
export function statisticsStatements(target: Address, statistics: CapturedStatistics): string[] {
  const name = formatAddress({ schema: target.schema, name: statistics.name })
  return [
    `create statistics ${name} ${statistics.definition} from ${formatAddress(target)}`,
    ...statisticsExtras(target, statistics),
  ]
}

/** What stands on a statistics object besides its definition. */
export function statisticsExtras(target: Address, statistics: CapturedStatistics): string[] {
  const name = formatAddress({ schema: target.schema, name: statistics.name })
  return [
    ...(statistics.target === null ? [] : [`alter statistics ${name} set statistics ${statistics.target}`]),
    ...(statistics.comment === null ? [] : [commentStatement('statistics', name, statistics.comment)]),
    `alter statistics ${name} owner to ${quoteIdentifier(statistics.owner)}`,
  ]
}
