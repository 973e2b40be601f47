import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { shadowSchema } from '../../../src/sql/shadow-schema.ts'

describe('shadowSchema', () => {
  test('adds what it is', () => {
    expect(shadowSchema('first', 'new')).toBe('first__duro_new')
    expect(shadowSchema('Größe 😀', 'old')).toBe('Größe 😀__duro_old')
  })

  test('keeps a name that just fits, and cuts one that does not', () => {
    expect(shadowSchema('a'.repeat(53), 'new')).toBe(`${'a'.repeat(53)}__duro_new`)
    expect(shadowSchema('a'.repeat(54), 'new')).toMatch(/^a{36}__duro_[0-9a-f]{16}_new$/)
  })

  test('tells long names apart by their last character', () => {
    expect(shadowSchema(`${'a'.repeat(62)}b`, 'new')).not.toBe(shadowSchema(`${'a'.repeat(62)}c`, 'new'))
  })

  test('a short name can never have the shadow of a long one', () => {
    const long = shadowSchema('a'.repeat(63), 'new')
    expect(long.endsWith('__duro_new')).toBe(false)
  })

  const schema = fc
    .string({
      unit: fc.constantFrom('a', 'b', 'é', '😀', '_', 'new', '__duro_new'),
      minLength: 1,
      maxLength: 40,
    })
    .filter((name) => Buffer.byteLength(name) <= 63)

  test('always fits, and never cuts a character', () => {
    fc.assert(
      fc.property(schema, fc.constantFrom('new', 'old'), (name, version) => {
        const shadow = shadowSchema(name, version)
        expect(Buffer.byteLength(shadow)).toBeLessThanOrEqual(63)
        expect(Buffer.from(shadow).toString()).toBe(shadow)
      }),
    )
  })

  test('is never shared', () => {
    const version = fc.constantFrom('new' as const, 'old' as const)
    fc.assert(
      fc.property(fc.tuple(schema, version), fc.tuple(schema, version), (one, other) => {
        fc.pre(one.join() !== other.join())
        expect(shadowSchema(...one)).not.toBe(shadowSchema(...other))
      }),
      { numRuns: 2000 },
    )
  })
})
