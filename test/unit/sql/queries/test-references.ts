import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import type { SqlParser } from '../../../../src/sql/parser.ts'
import { type GeneratedQuery, type MarkedReference, surroundings } from './markers.ts'
import { readOne } from './read-one.ts'
import type { Trap } from './traps.ts'

/** A parser finds all references of these queries, and nothing else. */
export function testReferences(
  parser: SqlParser,
  traps: readonly Trap[],
  queries: fc.Arbitrary<GeneratedQuery>,
  numRuns: number,
): void {
  const theStatement = readOne(parser)

  test.each(traps)('$title', ({ sql, references }) => {
    const statement = theStatement(sql)
    expect(statement.kind).toBe('select')
    expect(written(sql, statement.references)).toEqual(written(sql, references))
  })

  test('of generated queries', () => {
    fc.assert(
      fc.property(queries, surroundings, ({ sql, references }, { before, after }) => {
        const text = before + sql + after
        const statement = theStatement(text)
        expect(text.slice(statement.span.start, statement.span.end)).toBe(sql.trim())
        const moved = references.map(({ kind, span }) => ({
          kind,
          span: { start: span.start + before.length, end: span.end + before.length },
        }))
        expect(written(text, statement.references)).toEqual(written(text, moved))
      }),
      { numRuns },
    )
  })
}

function written(text: string, references: readonly MarkedReference[]) {
  return references.map(({ kind, span }) => ({ kind, span, text: text.slice(span.start, span.end) }))
}
