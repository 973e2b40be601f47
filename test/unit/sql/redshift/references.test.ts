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

  test.each([
    ['select 1 from public.sales, sales.orders', ['sales.orders']],
    ['with sales as (select 1) select 1 from sales join sales.orders o on true', ['sales.orders']],
    ['select (select 1 from s.orders) from public.sales s, s.items[0].parts, s.a.b', ['s.orders']],
    ['select 1 from sales.sales, sales.orders', []],
  ])('ways into values that could be relations: %s', (sql, ways) => {
    const found = theStatement(sql).ways ?? []
    expect(found.map(({ span }) => sql.slice(span.start, span.end))).toEqual(ways)
  })

  test.each([
    [`'first.${'y'.repeat(128)}'::regclass`, { schema: 'first', name: 'y'.repeat(127) }],
    [`'"Mixed"."""A"""'::regclass`, { schema: 'mixed', name: '"a"' }],
  ])('a constant names what the server looks up: %s', (sql, named) => {
    expect(theStatement(`select ${sql}`).references).toEqual([expect.objectContaining(named)])
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
