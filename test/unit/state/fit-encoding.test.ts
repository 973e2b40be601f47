import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { fitEncoding } from '../../../src/state/fit-encoding.ts'

test.each([
  ['UTF8', 'cities — 24h 😀', 'cities — 24h 😀'],
  ['SQL_ASCII', 'cities — 24h 😀', 'cities — 24h 😀'],
  ['LATIN1', 'Zürich — 24h… 😀', 'Zürich \\u2014 24h\\u2026 \\ud83d\\ude00'],
  ['WIN1252', 'Zürich — 24h… 京', 'Zürich — 24h… \\u4eac'],
  ['LATIN5', 'İzmir — 24h', 'İzmir \\u2014 24h'],
  ['KOI8R', 'Москва — 24h', 'Москва \\u2014 24h'],
  ['EUC_JP', 'é 京', '\\u00e9 \\u4eac'],
])('in %s: %s', (encoding, text, fitted) => {
  expect(fitEncoding(encoding)(text)).toBe(fitted)
})

test('a NUL fits nowhere', () => {
  expect(fitEncoding('UTF8')('a\0b')).toBe('a\\u0000b')
})

test('JSON means the same, and what fits is not changed again', () => {
  const fit = fitEncoding('LATIN1')
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const fitted = fit(JSON.stringify(text))
      expect(JSON.parse(fitted)).toBe(text)
      expect(fit(fitted)).toBe(fitted)
      expect(fitted).toMatch(/^[\0-\u00FF]*$/)
    }),
  )
})
