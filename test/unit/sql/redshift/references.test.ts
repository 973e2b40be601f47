import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import type { ParsedStatement } from '../../../../src/sql/parser.ts'
import { loadRedshiftParser } from '../../../../src/sql/redshift/redshift-parser.ts'
import { type MarkedReference, surroundings } from '../queries/markers.ts'
import { commonQuery } from '../queries/redshift-relations.ts'
import { redshiftTraps } from './redshift-traps.ts'

const parser = await loadRedshiftParser()

describe('references in Redshift', () => {
  test.each(redshiftTraps)('$title', ({ sql, references }) => {
    const statement = theStatement(sql)
    expect(statement.kind).toBe('select')
    expect(written(sql, statement.references)).toEqual(written(sql, references))
  })

  test('of generated queries', () => {
    fc.assert(
      fc.property(commonQuery, surroundings, ({ sql, references }, { before, after }) => {
        const text = before + sql + after
        const statement = theStatement(text)
        expect(text.slice(statement.span.start, statement.span.end)).toBe(sql.trim())
        const moved = references.map(({ kind, span }) => ({
          kind,
          span: { start: span.start + before.length, end: span.end + before.length },
        }))
        expect(written(text, statement.references)).toEqual(written(text, moved))
      }),
      { numRuns: 400 },
    )
  })
})

function theStatement(text: string): ParsedStatement {
  const [statement, ...others] = parser.parse(text)
  if (statement === undefined || others.length > 0) throw new Error('there has to be one statement')
  return statement
}

function written(text: string, references: readonly MarkedReference[]) {
  return references.map(({ kind, span }) => ({ kind, span, text: text.slice(span.start, span.end) }))
}
