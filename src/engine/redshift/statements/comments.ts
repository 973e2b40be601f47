import { foldIdentifier, quoteIdentifier } from '../../../sql/identifiers.ts'
import { quoteRedshiftLiteral } from '../../../sql/redshift/quote-literal.ts'
import type { RelationColumn } from '../catalog/relations.ts'
import type { StoredKind } from './create-relation.ts'

export const commentStatement = (what: string, comment: string): string =>
  `comment on ${what} is ${quoteRedshiftLiteral(comment)}`

export interface CommentsInput {
  kind: StoredKind
  /** Quoted, with its schema. */
  relation: string
  comment: string | null
  /** The columns of the live version. */
  columns: readonly RelationColumn[]
  /** Descriptions from the settings win over the comments that stand on the live columns. */
  described: Readonly<Record<string, string>>
  /** The columns whose comments came from the settings of the last publication, and go with them. */
  describedBefore: readonly string[]
  /** The columns that the new relation has. */
  present: readonly string[]
}

/** What was said about the live version, and what the settings say, on a relation that was just made. */
export function commentStatements(input: CommentsInput): string[] {
  const { kind, relation, comment, columns, described, describedBefore, present } = input
  const comments = new Map(
    columns.flatMap(({ name, comment: said }) =>
      said === null || describedBefore.includes(name) ? [] : [[name, said] as const],
    ),
  )
  for (const [name, said] of Object.entries(described)) comments.set(foldIdentifier(name), said)
  return [
    ...(comment === null ? [] : [commentStatement(`${kind} ${relation}`, comment)]),
    ...[...comments]
      .filter(([name]) => present.includes(name))
      .map(([name, said]) => commentStatement(`column ${relation}.${quoteIdentifier(name)}`, said)),
  ]
}
