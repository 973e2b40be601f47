import { formatAddress, quoteIdentifier, type Address } from '../../../sql/identifiers.ts'
import type { CapturedConstraint } from '../catalog/captured-relation.ts'
import { commentStatement } from './marker.ts'

/** A constraint of the live table on the new one, with the index that it brings. */
export function constraintStatements(target: Address, constraint: CapturedConstraint): string[] {
  const relation = formatAddress(target)
  const name = quoteIdentifier(constraint.name)
  const index = formatAddress({ schema: target.schema, name: constraint.name })
  return [
    `alter table ${relation} add constraint ${name} ${constraint.definition}`,
    ...(constraint.indexOptions.length === 0
      ? []
      : [`alter index ${index} set (${constraint.indexOptions.join(', ')})`]),
    ...(constraint.comment === null
      ? []
      : [commentStatement('constraint', `${name} on ${relation}`, constraint.comment)]),
  ]
}

export const notNullStatement = (target: Address, column: string): string =>
  `alter table ${formatAddress(target)} alter column ${quoteIdentifier(column)} set not null`
