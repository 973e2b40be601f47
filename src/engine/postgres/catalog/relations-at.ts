import type { Address } from '../../../sql/identifiers.ts'

/** What goes into `from`: the relations `c` that stand at the addresses in the first two parameters, in their schemas `n`. */
export const relationsAt = `unnest($1::text[], $2::text[]) as wanted(schema_name, relation_name)
  join pg_namespace n on n.nspname = wanted.schema_name
  join pg_class c on c.relnamespace = n.oid and c.relname = wanted.relation_name`

/** Those parameters. */
export const parametersFor = (addresses: readonly Address[]): [schemas: string[], names: string[]] => [
  addresses.map(({ schema }) => schema),
  addresses.map(({ name }) => name),
]
