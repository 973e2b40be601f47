import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import {
  cutIdentifier,
  foldIdentifier,
  formatAddress,
  quoteIdentifier,
  quoteLiteral,
  viewName,
} from '../../../src/sql/identifiers.ts'

describe('quoteIdentifier', () => {
  test.each([
    ['cities', 'cities'],
    ['_a1', '_a1'],
    ['Cities', '"Cities"'],
    ['a b', '"a b"'],
    ['a"b', '"a""b"'],
    ['1a', '"1a"'],
    ['a$', '"a$"'],
    ['größe', '"größe"'],
    ['😀', '"😀"'],
    ['user', '"user"'],
    ['left', '"left"'],
    ['date', 'date'],
  ])('%s', (name, quoted) => {
    expect(quoteIdentifier(name)).toBe(quoted)
  })

  test.each(['', 'a\0b'])('refuses %j', (name) => {
    expect(() => quoteIdentifier(name)).toThrow(/a name in SQL cannot/)
  })
})

test('formatAddress quotes each part where it has to be', () => {
  expect(formatAddress({ schema: 'First', name: 'cities' })).toBe('"First".cities')
})

test('viewName is not quoted', () => {
  expect(viewName({ schema: 'First', name: 'a b' })).toBe('First.a b')
})

describe('quoteLiteral', () => {
  test.each([
    ['', "''"],
    ["it's", "'it''s'"],
    ['a\\b', String.raw`E'a\\b'`],
    [String.raw`\'`, String.raw`E'\\'''`],
  ])('%j', (text, quoted) => {
    expect(quoteLiteral(text)).toBe(quoted)
  })

  test('refuses NUL', () => {
    expect(() => quoteLiteral('\0')).toThrow(/cannot contain the character NUL/)
  })
})

test('foldIdentifier folds only ASCII', () => {
  expect(foldIdentifier('CITIES_É')).toBe('cities_É')
})

test('cutIdentifier never cuts a character', () => {
  expect(cutIdentifier('aé😀', 3)).toBe('aé')
  expect(cutIdentifier('aé😀', 6)).toBe('aé')
  expect(cutIdentifier('aé😀', 7)).toBe('aé😀')
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 90 }), (name) => {
      const cut = cutIdentifier(name)
      const next = String.fromCodePoint(name.codePointAt(cut.length) ?? 0)
      expect(name.startsWith(cut)).toBe(true)
      expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(63)
      expect(cut === name || Buffer.byteLength(cut + next) > 63).toBe(true)
    }),
  )
})
