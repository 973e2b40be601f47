import { formatAddress, quoteIdentifier, quoteLiteral, type Address } from '../../../sql/identifiers.ts'
import type { CapturedConstraint, CapturedIdentity } from '../catalog/captured-relation.ts'
import { grantStatements } from './grants.ts'
import { commentStatement } from './marker.ts'

/** A constraint of the live table on the new one, with the index that it brings. */
export function constraintStatements(
  target: Address,
  { name, definition, comment, index }: CapturedConstraint,
): string[] {
  const relation = formatAddress(target)
  const constraint = quoteIdentifier(name)
  const add = `alter table ${relation} add constraint ${constraint} ${definition}`
  const indexName = index === null ? '' : formatAddress({ schema: target.schema, name: index.name })
  return [
    // The definition cannot say where the index goes.
    ...(index === null || index.tablespace === null
      ? [add]
      : [
          `set local default_tablespace = ${quoteIdentifier(index.tablespace)}`,
          add,
          "set local default_tablespace = ''",
        ]),
    ...(index === null || index.options.length === 0
      ? []
      : [`alter index ${indexName} set (${index.options.join(', ')})`]),
    ...(index === null || index.comment === null
      ? []
      : [commentStatement('index', indexName, index.comment)]),
    ...(comment === null ? [] : [commentStatement('constraint', `${constraint} on ${relation}`, comment)]),
  ]
}

export const notNullStatement = (target: Address, column: string): string =>
  `alter table ${formatAddress(target)} alter column ${quoteIdentifier(column)} set not null`

/** The sequence gets its own name, in the schema of the new version, and moves with the table. */
export function identityStatement(
  target: Address,
  column: string,
  { kind, sequence, options }: CapturedIdentity,
): string {
  const name = formatAddress({ schema: target.schema, name: sequence })
  return (
    `alter table ${formatAddress(target)} alter column ${quoteIdentifier(column)} ` +
    `add generated ${kind} as identity (sequence name ${name} ${options})`
  )
}

/**
 * What stands on the sequence of an identity column of the live table, for that of the new one.
 * @param present who holds something on it already
 */
export function sequenceStatements(
  { schema, owner }: { schema: string; owner: string },
  sequence: string,
  { grants, comment }: CapturedIdentity,
  present: readonly (string | null)[],
): string[] {
  const name = `sequence ${formatAddress({ schema, name: sequence })}`
  return [
    ...grantStatements(name, owner, grants, present),
    ...(comment === null ? [] : [`comment on ${name} is ${quoteLiteral(comment)}`]),
  ]
}
