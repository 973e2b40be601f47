import type { ReferenceKind } from '../parser.ts'
import type { LookupType } from './read-name.ts'

/** A relation that the parse tree names, not yet placed in the text. */
export interface NamedRelation {
  kind: ReferenceKind
  /** One to three parts: `[catalog, schema, name]`, as far as they are written. */
  parts: readonly string[]
  /** In bytes. */
  location: number
  /** Of a regtype: `[]`, as often as the text says it. */
  suffix?: string
}

/** A constant whose text is an array of names, `'{first.cities}'::regclass[]`: each of them stands within it. */
export interface NamedInArray {
  kind: 'array'
  type: LookupType
  /** In bytes. */
  location: number
}
