import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseDuration } from '../../../src/project/duration.ts'
import { parseFileName } from '../../../src/project/file-name.ts'

const HOUR = 3_600_000

describe('a view', () => {
  test.each([
    ['cities — 24h.sql', 'cities', '24h'],
    ['cities – 24h.sql', 'cities', '24h'],
    ['cities - 24h.sql', 'cities', '24h'],
    ['cities\u00a0—\u00a024h.sql', 'cities', '24h'],
    ['cities\u202f–\u202f24h.sql', 'cities', '24h'],
    ['cities   -   24h.sql', 'cities', '24h'],
    ['cities — 24h .sql', 'cities', '24h'],
    ['second.child - 24h.sql', 'second.child', '24h'],
    ['Näme - 24h.sql', 'Näme', '24h'],
    ['a - b - 24h.sql', 'a - b', '24h'],
  ])('%s', (name, stem, text) => {
    expect(parseFileName(name)).toEqual({ kind: 'view', stem, interval: { text, milliseconds: 24 * HOUR } })
  })

  test.each([
    ['cities.sql', 'cities'],
    ['cities-24h.sql', 'cities-24h'],
    ['cities—24h.sql', 'cities—24h'],
    ['cities -24h.sql', 'cities -24h'],
  ])('%s has no interval', (name, stem) => {
    expect(parseFileName(name)).toEqual({ kind: 'view', stem, interval: null })
  })

  test.each([
    ['cities — 24x.sql', 'cities', '24x'],
    ['cities — .sql', 'cities', ''],
    ['cities —.sql', 'cities', ''],
    ['— 24.sql', '', '24'],
  ])('%s has an interval that cannot be read', (name, stem, text) => {
    expect(parseFileName(name)).toEqual({ kind: 'view', stem, interval: { text, milliseconds: null } })
  })

  test('a decomposed name, as macOS has it, is composed', () => {
    expect(parseFileName('Na\u0308me.sql')).toMatchObject({ stem: 'N\u00e4me' })
  })
})

test.each([
  ['cities_test.sql', 'test', 'cities'],
  ['x_test_test.sql', 'test', 'x_test'],
  ['cities.conf', 'settings', 'cities'],
  ['cities.yaml', 'settings', 'cities'],
  ['cities.yml', 'settings', 'cities'],
  ['second.child.yaml', 'settings', 'second.child'],
  ['countries_select.sql', 'input', 'countries'],
  ['countries.py', 'script', 'countries'],
  ['countries_requirements.txt', 'requirements', 'countries'],
])('%s is a %s of %s', (name, kind, stem) => {
  expect(parseFileName(name)).toEqual({ kind, stem, interval: null })
})

test.each([
  ['cities.SQL', 'SQL', 'sql'],
  ['cities.slq', 'slq', 'sql'],
  ['cities.ymal', 'ymal', 'yaml'],
])('%s looks like a typing mistake', (name, extension, meant) => {
  expect(parseFileName(name)).toEqual({ kind: 'misspelt', extension, meant })
})

test.each([
  'README.md',
  'notes.txt',
  '.cities.sql',
  'cities.sql~',
  'cities.sql.bak',
  'Makefile',
  'x.xml',
  '_shared.py',
])('%s is not ours', (name) => {
  expect(parseFileName(name)).toEqual({ kind: 'other' })
})

test('name and interval come back, whatever the dash and the space', () => {
  const space = fc.array(fc.constantFrom(' ', '\u00a0', '\u202f', '\t'), { minLength: 1, maxLength: 3 })
  const name = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
    .map((text) => text.normalize('NFC'))
    .filter((text) => text === text.trim() && !/[—–-]|\/|^\.|_(test|select)$/u.test(text))
  const interval = fc
    .tuple(fc.integer({ min: 1, max: 999 }), fc.constantFrom('m', 'h', 'd', 'w'))
    .map(([n, u]) => `${n}${u}`)
  fc.assert(
    fc.property(
      name,
      space,
      fc.constantFrom('—', '–', '-'),
      space,
      interval,
      (stem, before, dash, after, text) => {
        expect(parseFileName(`${stem}${before.join('')}${dash}${after.join('')}${text}.sql`)).toEqual({
          kind: 'view',
          stem,
          interval: { text, milliseconds: parseDuration(text) },
        })
        expect(parseFileName(`${stem}-${text}.sql`)).toEqual({
          kind: 'view',
          stem: `${stem}-${text}`,
          interval: null,
        })
      },
    ),
  )
})
