import { arbitraryQueryIn } from './arbitrary-query.ts'
import type { Relation } from './relations.ts'

/** Relations whose names both engines read alike: in PostgreSQL a quoted name with capitals is another one. */
export const redshiftRelations: readonly Relation[] = [
  { schema: 'first', name: 'cities', managed: true, unqualified: true },
  { schema: 'first', name: 'größe 😀', managed: true, unqualified: true },
  { schema: 'first', name: 'user', managed: true, unqualified: true },
  { schema: 'first', name: 'tag', managed: true, unqualified: true },
  { schema: 'mixed case', name: 'a"b', managed: true, unqualified: false },
  { schema: 'mixed case', name: 'cities', managed: true, unqualified: false },
  { schema: 'second', name: 'cities', managed: false, unqualified: false },
  { schema: 'public', name: 'shops', managed: false, unqualified: true },
  { schema: 'public', name: 'cities', managed: false, unqualified: false },
]

export function isManagedInRedshift({ schema, name }: { schema: string; name: string }): boolean {
  return redshiftRelations.some((each) => each.managed && each.schema === schema && each.name === name)
}

/** Valid queries of both Redshift and PostgreSQL, over these relations. */
export const commonQuery = arbitraryQueryIn({
  relations: redshiftRelations,
  spellings,
  cteNames: ['cities', 'user', 'b', 'shops', 'größe 😀'],
  // None is called like a schema: a name in `from` that begins with an alias leads into a value in Redshift.
  aliases: ['c', 'cities', 'u', 'größe 😀', 'shops', 'last'],
  everything: false,
})

function spellings(name: string, after: 'dot' | 'nothing'): string[] {
  const quoted = `"${name.replaceAll('"', '""')}"`
  const plain = /^[a-z]+$/.test(name) && (after === 'dot' || !['user', 'tag'].includes(name))
  const upper = name.replaceAll(/[a-z]/g, (letter) => letter.toUpperCase())
  return plain ? [quoted, name, name, upper] : [quoted]
}
