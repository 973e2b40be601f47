import { quoteIdentifier } from '../../../sql/identifiers.ts'
import type { CapturedRelation } from '../catalog/captured-relation.ts'
import type { RelationKind } from '../relation-kind.ts'

/** A statement around a user's select. */
export interface WrappedSelect {
  text: string
  /** Where the select begins in it, in UTF-16 code units. */
  selectStart: number
}

/**
 * Makes the new relation, still without rows. The storage of the live one is taken over where it is of the
 * same kind: access method, options, tablespace.
 * @param relation quoted, with its schema
 * @param select ends on a line of its own, since it may end in a comment
 */
export function createRelation(
  kind: RelationKind,
  relation: string,
  select: string,
  live: CapturedRelation | null,
): WrappedSelect {
  const options = [
    ...(live?.options ?? []),
    ...(live?.toastOptions ?? []).map((option) => `toast.${option}`),
  ].map(quoteOption)
  const unlogged = kind === 'table' && live?.persistence === 'u' ? 'unlogged ' : ''
  const head = [
    `create ${unlogged}${kind} ${relation}`,
    ...(live?.accessMethod && kind !== 'view' ? [`using ${quoteIdentifier(live.accessMethod)}`] : []),
    ...(options.length > 0 ? [`with (${options.join(', ')})`] : []),
    ...(live?.tablespace && kind !== 'view' ? [`tablespace ${quoteIdentifier(live.tablespace)}`] : []),
    'as\n',
  ].join(' ')
  return {
    text: `${head}${select}\n${kind === 'view' ? '' : 'with no data'}`.trimEnd(),
    selectStart: head.length,
  }
}

/**
 * A user's own `create table`. Where it says nothing of access method and tablespace, those of the live table are taken
 * over; its options follow when those of the statement are known.
 */
export function createTable(statement: string, live: CapturedRelation | null): WrappedSelect {
  const head = [
    ...(live?.accessMethod
      ? [`set local default_table_access_method = ${quoteIdentifier(live.accessMethod)};\n`]
      : []),
    ...(live?.tablespace ? [`set local default_tablespace = ${quoteIdentifier(live.tablespace)};\n`] : []),
  ].join('')
  return { text: head + statement, selectStart: head.length }
}

/** The options of the live table that a user's own `create table` does not set, and whether it is logged. */
export function storageStatements(
  relation: string,
  made: CapturedRelation,
  live: CapturedRelation,
): string[] {
  const options = [
    ...missing(made.options, live.options),
    ...missing(made.toastOptions, live.toastOptions).map((option) => `toast.${option}`),
  ].map(quoteOption)
  return [
    ...(options.length === 0 ? [] : [`alter table ${relation} set (${options.join(', ')})`]),
    ...(live.persistence === 'u' && made.persistence !== 'u' ? [`alter table ${relation} set unlogged`] : []),
  ]
}

const missing = (ours: readonly string[], theirs: readonly string[]): string[] =>
  theirs.filter((option) => !ours.some((own) => keyOf(own) === keyOf(option)))

const keyOf = (option: string): string => option.slice(0, option.indexOf('='))

/** `fillfactor=70` as `with (…)` takes it: a value may hold anything. */
function quoteOption(option: string): string {
  const at = option.indexOf('=')
  return `${option.slice(0, at)}='${option.slice(at + 1).replaceAll("'", "''")}'`
}
