import type { ViewSettings } from '../../../project/view-settings.ts'
import { foldIdentifier, quoteIdentifier } from '../../../sql/identifiers.ts'
import type { RelationKind } from '../catalog/relations.ts'

export type StoredKind = Exclude<RelationKind, 'materialized view'>

export const kindOf = ({ materialized }: Pick<ViewSettings, 'materialized'>): StoredKind =>
  materialized === 'none' ? 'view' : 'table'

export type TableKeys = Pick<ViewSettings, 'backup' | 'diststyle' | 'distkey' | 'sortkey'>

/** A statement around a user's select. */
export interface WrappedSelect {
  text: string
  /** Where the select begins in it, in UTF-16 code units. */
  selectStart: number
}

/**
 * Makes the new version with all its rows; a plain view has none. Redshift analyzes what it makes so.
 * @param relation quoted, with its schema
 * @param select ends on a line of its own, since it may end in a comment
 */
export function createRelation(
  kind: StoredKind,
  relation: string,
  select: string,
  keys: TableKeys,
): WrappedSelect {
  const head = `${[`create ${kind} ${relation}`, ...(kind === 'table' ? attributes(keys) : [])].join(' ')} as\n`
  return { text: `${head}${select}\n`, selectStart: head.length }
}

/** The same without rows, for a look at its columns. */
export function createEmpty(relation: string, select: string): WrappedSelect {
  const head = `create table ${relation} as\nselect * from (\n`
  return { text: `${head}${select}\n) as tried where false`, selectStart: head.length }
}

const column = (name: string): string => quoteIdentifier(foldIdentifier(name))

/** In the order in which the server wants them. */
function attributes({ backup, diststyle, distkey, sortkey }: TableKeys): string[] {
  return [
    ...(backup ? [] : ['backup no']),
    ...(diststyle === null ? [] : [`diststyle ${diststyle}`]),
    ...(distkey === null ? [] : [`distkey(${column(distkey)})`]),
    ...(sortkey === null ? [] : [`${sortkey.kind} sortkey(${sortkey.columns.map(column).join(', ')})`]),
  ]
}
