import type { IndexSettings } from '../../../project/view-settings.ts'
import type { View } from '../../../project/view.ts'
import { formatAddress, quoteIdentifier } from '../../../sql/identifiers.ts'
import type { CapturedIndex } from '../catalog/captured-relation.ts'
import { commentStatement } from './marker.ts'

/** An index that the new version gets. */
export interface IndexToCreate {
  name: string
  create: string
  /** What `create index` cannot say: comment, statistics targets. */
  after: readonly string[]
}

const plainName = /^[\p{L}_][\p{L}\p{N}_$]*$/u

/** A column's name stands as it is in the settings; anything else is an expression, as in `create index`. */
function indexElement(column: string, relationColumns: readonly string[]): string {
  if (relationColumns.includes(column)) return quoteIdentifier(column)
  return plainName.test(column) || column.startsWith('"') || /[\s)]/.test(column) ? column : `(${column})`
}

/**
 * The indexes that the settings of a view declare, in their order.
 * @param nameOf what the one at a position is to be called; as the project calls it where this is left out
 */
export function declaredIndexes(
  relation: string,
  { settings, indexNames }: View,
  relationColumns: readonly string[],
  nameOf: (at: number) => string | undefined = (at) => indexNames.own[at]?.name,
): IndexToCreate[] {
  return settings.indexes.flatMap((index, at) => {
    const name = nameOf(at)
    return name === undefined ? [] : [declaredIndex(relation, name, relationColumns, index)]
  })
}

function declaredIndex(
  relation: string,
  name: string,
  relationColumns: readonly string[],
  index: IndexSettings,
): IndexToCreate {
  const elements = index.columns.map((column) => indexElement(column, relationColumns)).join(', ')
  const include =
    index.include.length === 0 ? '' : ` include (${index.include.map(quoteIdentifier).join(', ')})`
  const create =
    `create ${index.unique ? 'unique ' : ''}index ${quoteIdentifier(name)} on ${relation}` +
    (index.method === null ? '' : ` using ${index.method}`) +
    ` (${elements})${include}` +
    (index.where === null ? '' : ` where ${index.where}`)
  return { name, create, after: [] }
}

/** But for name and options. */
export const isAlike = (one: CapturedIndex, other: CapturedIndex): boolean =>
  one.unique === other.unique && one.withoutOptions === other.withoutOptions

/** An index as the server has printed it, made on the new version. */
export function capturedIndex(relation: string, schema: string, index: CapturedIndex): IndexToCreate {
  const space =
    index.tablespace === null ? [] : [`set local default_tablespace = ${quoteIdentifier(index.tablespace)}`]
  const name = quoteIdentifier(index.name)
  const qualified = `${quoteIdentifier(schema)}.${name}`
  return {
    name: index.name,
    create: [
      ...space,
      `create ${index.unique ? 'unique ' : ''}index ${name} on ${relation} using ${index.using}`,
      ...(index.tablespace === null ? [] : ["set local default_tablespace = ''"]),
    ].join(';\n'),
    after: indexExtras(qualified, index),
  }
}

/** An index that stands already takes the name of a live one, and what was said about that by hand. */
export function inheritStatements(schema: string, index: CapturedIndex, live: CapturedIndex): string[] {
  const qualified = (name: string): string => formatAddress({ schema, name })
  const rename =
    index.name === live.name
      ? []
      : [`alter index ${qualified(index.name)} rename to ${quoteIdentifier(live.name)}`]
  const comment = index.comment ?? live.comment
  return [...rename, ...indexExtras(qualified(live.name), { ...live, comment })]
}

/** What stands on a live index besides its definition. */
function indexExtras(qualified: string, index: CapturedIndex): string[] {
  return [
    ...(index.comment === null ? [] : [commentStatement('index', qualified, index.comment)]),
    ...index.extensions.map(
      (extension) => `alter index ${qualified} depends on extension ${quoteIdentifier(extension)}`,
    ),
    ...index.statistics.map(
      ({ column, target }) => `alter index ${qualified} alter column ${column} set statistics ${target}`,
    ),
  ]
}
