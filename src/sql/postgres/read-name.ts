import { keywordsThatNeedQuotes } from '../keywords.ts'
import { builtInTypes } from './built-in-types.ts'
import { splitQualifiedName } from './qualified-name.ts'

/** Types whose constants are looked up when a view is created, and bound to what was found. */
export type LookupType = 'regclass' | 'regtype'

/** What the text of such a constant names. */
export interface ReadName {
  /** One to three parts: `[catalog, schema, name]`, as far as they are written. */
  parts: readonly string[]
  /** Of a regtype: `[]`, as often as the text says it. */
  suffix?: string
}

/** The relation that the text of such a constant can mean; null when it means none. */
export function readName(text: string, type: LookupType): ReadName | null {
  const [, plain = text, brackets = ''] =
    type === 'regtype' ? (/^([^]*[^\s\]])((?:\s*\[\d*\])+)\s*$/.exec(text) ?? []) : []
  const parts = splitQualifiedName(plain)
  if (parts === null || (type === 'regtype' && !isPlainType(plain, parts))) return null
  const depth = brackets.split(']').length - 1
  return depth === 0 ? { parts } : { parts, suffix: '[]'.repeat(depth) }
}

/** The text of a regtype can be any type, such as `int[]` or `double precision`; only plain names can be relations. */
export function isPlainType(text: string, parts: readonly string[]): boolean {
  const [first = ''] = parts
  const quoted = text.includes('"')
  return (
    !isBuiltIn(parts) &&
    (quoted || (/^[\w$.\s\u0080-\uFFFF]+$/.test(text) && !keywordsThatNeedQuotes.has(first)))
  )
}

export function isBuiltIn(names: readonly string[]): boolean {
  const [first = ''] = names
  if (names.length > 1) return first === 'pg_catalog'
  // The array of a type has its name with an underscore before it.
  const single = first.replace(/^_/, '')
  return builtInTypes.has(single) || single.startsWith('pg_')
}
