import { describe, expect, test } from 'vitest'

import { loadRedshiftParser } from '../../../../src/sql/redshift/redshift-parser.ts'
import { readOne } from '../queries/read-one.ts'
import { commonQuery } from '../queries/redshift-relations.ts'
import { testReferences } from '../queries/test-references.ts'
import { redshiftTraps } from './redshift-traps.ts'

const parser = await loadRedshiftParser()
const theStatement = readOne(parser)

describe('references in Redshift', () => {
  testReferences(parser, redshiftTraps, commonQuery, 400)

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
})
