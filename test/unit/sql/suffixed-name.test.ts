import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { suffixedName } from '../../../src/sql/suffixed-name.ts'

describe('suffixedName', () => {
  test('adds the suffix', () => {
    expect(suffixedName('cities', '__duro_new')).toBe('cities__duro_new')
    expect(suffixedName('größe 😀', '__duro_old')).toBe('größe 😀__duro_old')
  })

  test('keeps a name that just fits, and cuts one that does not', () => {
    expect(suffixedName('a'.repeat(117), '__duro_new')).toBe(`${'a'.repeat(117)}__duro_new`)
    expect(suffixedName('a'.repeat(118), '__duro_new')).toMatch(/^a{100}__duro_[0-9a-f]{16}_new$/)
  })

  test('a short name can never have the name of a long one', () => {
    expect(suffixedName('a'.repeat(127), '__duro_new').endsWith('__duro_new')).toBe(false)
  })

  const suffix = fc.constantFrom('__duro_new' as const, '__duro_old' as const)
  const name = fc
    .string({ unit: fc.constantFrom('a', 'b', 'é', '😀', '_', '__duro_new'), minLength: 1, maxLength: 90 })
    .filter((text) => Buffer.byteLength(text) <= 127)

  test('always fits, and never cuts a character', () => {
    fc.assert(
      fc.property(name, suffix, (text, end) => {
        const suffixed = suffixedName(text, end)
        expect(Buffer.byteLength(suffixed)).toBeLessThanOrEqual(127)
        expect(Buffer.from(suffixed).toString()).toBe(suffixed)
      }),
    )
  })

  test('is never shared, not by names that differ in their last character', () => {
    const near = name.chain((text) => fc.constantFrom(text, `${text.slice(0, -1)}b`, `${text}a`))
    fc.assert(
      fc.property(fc.tuple(near, suffix), fc.tuple(near, suffix), (one, other) => {
        fc.pre(one.join() !== other.join())
        expect(suffixedName(...one)).not.toBe(suffixedName(...other))
      }),
      { numRuns: 2000 },
    )
    const long = 'é'.repeat(63)
    expect(suffixedName(`${long}a`, '__duro_new')).not.toBe(suffixedName(`${long}b`, '__duro_new'))
  })
})
