import { describe, expect, test } from 'vitest'

import { viewName } from '../../../src/sql/identifiers.ts'
import type { Reference } from '../../../src/sql/parser.ts'
import { resolveReference } from '../../../src/sql/resolve.ts'

const managed = new Set(['first.cities', 'second.cities', 'second.shops', 'first.pg_class'])

describe('resolveReference', () => {
  test.each([
    [null, 'cities', ['first', 'second'], 'first.cities'],
    [null, 'cities', ['second', 'first'], 'second.cities'],
    [null, 'shops', ['first', 'second'], 'second.shops'],
    [null, 'shops', ['first'], null],
    [null, 'cities', [], null],
    ['second', 'cities', ['first'], 'second.cities'],
    ['third', 'cities', ['first'], null],
    ['First', 'cities', ['first'], null],
    [null, 'pg_class', ['first'], null],
    [null, 'pg_class', ['second', 'pg_catalog', 'first'], null],
    [null, 'pg_class', ['pg_catalog', 'first'], null],
    [null, 'pg_class', ['first', 'pg_catalog'], 'first.pg_class'],
    ['first', 'pg_class', ['second'], 'first.pg_class'],
  ])('%s.%s along %j', (schema, name, searchPath, expected) => {
    const reference: Reference = { schema, name, kind: 'relation', span: { start: 0, end: 0 } }
    const address = resolveReference(reference, searchPath, (candidate) => managed.has(viewName(candidate)))
    expect(address === null ? null : viewName(address)).toBe(expected)
  })
})
