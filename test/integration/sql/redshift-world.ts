import { formatAddress, quoteIdentifier } from '../../../src/sql/identifiers.ts'
import type { ParsedStatement } from '../../../src/sql/parser.ts'
import { resolveReference } from '../../../src/sql/resolve.ts'
import { type Rewritten, rewrite } from '../../../src/sql/rewrite.ts'
import { suffixedName } from '../../../src/sql/suffixed-name.ts'
import { isManagedInRedshift, redshiftRelations } from '../../unit/sql/queries/redshift-relations.ts'
import { searchPath } from '../../unit/sql/queries/relations.ts'

/** Points a statement at the new versions, which stand beside the live ones under another name. */
export function toSuffixed(text: string, statement: ParsedStatement): Rewritten {
  return rewrite(text, statement, (reference) => {
    const address = resolveReference(reference, searchPath, isManagedInRedshift)
    return address === null ? null : { ...address, name: suffixedName(address.name, '__duro_new') }
  })
}

const managed = redshiftRelations.filter((relation) => relation.managed)

/** Gives the live relations the names of old ones, and the new ones those of the live. */
export function renameAll(): string {
  return managed
    .flatMap(({ schema, name }) => [
      rename(schema, name, suffixedName(name, '__duro_old')),
      rename(schema, suffixedName(name, '__duro_new'), name),
    ])
    .join(';')
}

function rename(schema: string, from: string, to: string): string {
  return `alter table ${formatAddress({ schema, name: from })} rename to ${quoteIdentifier(to)}`
}

/** The relations of the test's world, and beside each managed one a new version with other rows. */
export function makeRedshiftWorld(): string {
  const schemas = [...new Set(redshiftRelations.map(({ schema }) => schema))]
  return [
    ...schemas
      .filter((schema) => schema !== 'public')
      .map((schema) => `create schema ${quoteIdentifier(schema)}`),
    ...redshiftRelations.flatMap(({ schema, name }, index) => makeRelation(schema, name, index)),
    ...managed.flatMap(({ schema, name }, index) =>
      makeRelation(schema, suffixedName(name, '__duro_new'), index + 40),
    ),
    `create function first.cities(integer) returns table (id int, n int, label text) language sql
      as $$ select g, g, 'made' from generate_series(1, $1) as g $$`,
    `set search_path = ${searchPath.map(quoteIdentifier).join(', ')}`,
  ].join(';')
}

/** Every relation has other rows, another comment and so another answer to every question. */
function makeRelation(schema: string, name: string, seed: number): string[] {
  const relation = formatAddress({ schema, name })
  return [
    `create table ${relation} (id int, n int, label text)`,
    `insert into ${relation} select g, g * ${seed + 2} % 7, 'row ${seed} ' || g from generate_series(1, ${(seed % 4) + 2}) as g`,
    `comment on table ${relation} is '${'x'.repeat(seed + 1)}'`,
  ]
}
