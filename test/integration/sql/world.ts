import { quoteIdentifier } from '../../../src/sql/identifiers.ts'
import type { ParsedStatement } from '../../../src/sql/parser.ts'
import { resolveReference } from '../../../src/sql/resolve.ts'
import { type Rewritten, rewrite } from '../../../src/sql/rewrite.ts'
import { shadowSchema } from '../../../src/sql/shadow-schema.ts'
import { isManaged, relations, searchPath } from '../../unit/sql/queries/relations.ts'

export function toShadow(text: string, statement: ParsedStatement): Rewritten {
  return rewrite(text, statement, (reference) => {
    const address = resolveReference(reference, searchPath, isManaged)
    return address === null ? null : { ...address, schema: shadowSchema(address.schema, 'new') }
  })
}

const managed = relations.filter((relation) => relation.managed)

/** Moves the live relations to the old shadow schemas and the new ones to where they were. */
export function exchange(): string {
  return managed.map(({ schema, name }) => exchangeOne(schema, name)).join(';')
}

function exchangeOne(schema: string, name: string): string {
  return `
    alter table ${qualified(schema, name)} set schema ${quoteIdentifier(shadowSchema(schema, 'old'))};
    alter table ${qualified(shadowSchema(schema, 'new'), name)} set schema ${quoteIdentifier(schema)}`
}

export function dropTheOld(): string {
  return managed
    .map(({ schema, name }) => `drop table ${qualified(shadowSchema(schema, 'old'), name)}`)
    .join(';')
}

/** The relations of the test's world, and of each managed one a new version with other rows in its shadow schema. */
export function makeTheWorld(): string {
  const schemas = [...new Set(relations.map(({ schema }) => schema))].filter((schema) => schema !== 'public')
  const shadows = [...new Set(managed.map(({ schema }) => schema))]
  return [
    ...schemas.map((schema) => `create schema ${quoteIdentifier(schema)}`),
    ...shadows.flatMap((schema) => [
      `create schema ${quoteIdentifier(shadowSchema(schema, 'new'))}`,
      `create schema ${quoteIdentifier(shadowSchema(schema, 'old'))}`,
    ]),
    'create schema checks',
    ...relations.flatMap(({ schema, name }, index) => makeRelation(schema, name, index)),
    ...managed.flatMap(({ schema, name }, index) =>
      makeRelation(shadowSchema(schema, 'new'), name, index + 40),
    ),
    `create function first.cities(integer) returns table (id int, n int, label text) language sql
      as $$ select g, g, 'made' from generate_series(1, $1) as g $$`,
    `set search_path = ${searchPath.map(quoteIdentifier).join(', ')}`,
  ].join(';')
}

/** Every relation has other rows, another comment and so another answer to every question. */
function makeRelation(schema: string, name: string, seed: number): string[] {
  const relation = qualified(schema, name)
  return [
    `create table ${relation} (id int, n int, label text)`,
    `insert into ${relation} select g, g * ${seed + 2} % 7, 'row ${seed} ' || g from generate_series(1, ${(seed % 4) + 2}) as g`,
    `comment on table ${relation} is '${'x'.repeat(seed + 1)}'`,
  ]
}

function qualified(schema: string, name: string): string {
  return `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`
}
