import * as fc from 'fast-check'
import type { ReferenceKind, Span } from '../../../../src/sql/parser.ts'

/*
 * Generated queries are first written with marks, control characters that no SQL holds: where a reference begins and
 * ends, and where white space may or must stand. `placeMarks` takes them out, and says where the references are.
 */

export const mustGap = '\u0001'
export const mayGap = '\u0002'
/** A space that stays one, as within a name. */
export const hardSpace = '\u0008'
const end = '\u0003'
const begin: Record<string, ReferenceKind> = {
  '\u0004': 'relation',
  '\u0005': 'column-qualifier',
  '\u0006': 'type',
  '\u0007': 'literal',
}

export interface MarkedReference {
  kind: ReferenceKind
  span: Span
}

export interface GeneratedQuery {
  sql: string
  references: MarkedReference[]
}

export function mark(kind: ReferenceKind, text: string): string {
  const beginning = Object.keys(begin).find((key) => begin[key] === kind)
  if (beginning === undefined) throw new Error(`there is no mark for ${kind}`)
  return beginning + text + end
}

const blanks = [
  '\n',
  '\r\n',
  '\t ',
  '/* from first.cities /* 😀 */ ; */',
  '-- it\'s "first".cities 😀\n',
  '/**/',
]

/** @param random a stream of whole numbers that chooses the white space */
export function placeMarks(marked: string, random: () => number): GeneratedQuery {
  const references: MarkedReference[] = []
  let open: MarkedReference | undefined
  let sql = ''
  for (const character of marked) {
    const kind = begin[character]
    if (kind !== undefined) {
      open = { kind, span: { start: sql.length, end: sql.length } }
      references.push(open)
    } else if (character === end) {
      if (open !== undefined) open.span.end = sql.length
    } else if (character === mustGap) sql += mayBlank(random) || ' '
    else if (character === mayGap) sql += mayBlank(random)
    else sql += character === hardSpace ? ' ' : character
  }
  return { sql, references }
}

function mayBlank(random: () => number): string {
  const choice = random() % 24
  return choice < blanks.length ? (blanks[choice] ?? '') : ''
}

/** Puts a query between white space, comments and semicolons; its references move along. */
export const surroundings = fc.record({
  before: fc.constantFrom('', '\n', '-- é first.cities\n', ' /* 😀 */ ', ';'),
  after: fc.constantFrom('', '\n', ';', ' ; -- end', '\n-- from first.cities', '/* x */;;'),
})
