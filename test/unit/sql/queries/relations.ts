import type { Address } from '../../../../src/sql/identifiers.ts'

/** A relation of the test's world. All have the columns id, n and label, so that any can stand in for any other. */
export interface Relation extends Address {
  managed: boolean
  /** In a schema of the search path, and not hidden there. */
  unqualified: boolean
}

const in63Bytes = `${'é'.repeat(31)}x`

export const searchPath = ['first', 'public']

export const relations: readonly Relation[] = [
  { schema: 'first', name: 'cities', managed: true, unqualified: true },
  { schema: 'first', name: 'Größe 😀', managed: true, unqualified: true },
  { schema: 'first', name: 'user', managed: true, unqualified: true },
  { schema: 'first', name: in63Bytes, managed: true, unqualified: true },
  { schema: 'Mixed Case', name: 'a"b', managed: true, unqualified: false },
  { schema: 'Mixed Case', name: 'cities', managed: true, unqualified: false },
  { schema: 'second', name: 'cities', managed: false, unqualified: false },
  { schema: 'public', name: 'shops', managed: false, unqualified: true },
  { schema: 'public', name: 'cities', managed: false, unqualified: false },
]

export function isManaged({ schema, name }: Address): boolean {
  return relations.some(
    (relation) => relation.managed && relation.schema === schema && relation.name === name,
  )
}

/** All the ways to write a name, `after` a dot or not. */
export function spellings(name: string, after: 'dot' | 'nothing'): string[] {
  const quoted = `"${name.replaceAll('"', '""')}"`
  const escaped = `U&"${name.replaceAll('"', '""').replaceAll(/\p{L}/gu, codePoint)}"`
  const forms = [quoted, quoted, escaped]
  // Unquoted also words that are reserved: they are names after a dot. 63 bytes are what is left of longer names.
  if (/^[\p{Ll}_]+$/u.test(name) && (after === 'dot' || name !== 'user')) {
    forms.push(
      name,
      name,
      name.replaceAll(/[a-z]/g, (letter) => letter.toUpperCase()),
    )
  }
  if (name === in63Bytes) forms.push(`${name}ABCDEF`.toLowerCase(), `"${name}é"`)
  return forms
}

function codePoint(character: string): string {
  return `\\+${(character.codePointAt(0) ?? 0).toString(16).padStart(6, '0')}`
}
