import { expect, test } from 'vitest'
import {
  formatDeclared,
  nothingDeclared,
  parseDeclared,
  type Declared,
} from '../../../src/engine/declared.ts'
import { fitText } from '../../../src/state/fit-text.ts'

const fits = (text: string): boolean => fitText(text) === text
const names = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${'n'.repeat(100)}_${index}`)
const declared: Declared = {
  grantSelect: ['joan'],
  indexes: [],
  namedIndexes: [],
  description: true,
  columns: ['id', 'name'],
  table: nothingDeclared,
  takenOver: { aspects: { 'constraint positive': 'abc' }, indexes: { by_n: 'def' }, statistics: {} },
  replaces: null,
}

test('what was declared is kept whole where it fits', () => {
  expect(parseDeclared(formatDeclared(declared, fits))).toEqual(declared)
})

test('of more than fits what was taken over goes first, then the columns, and then the readers', () => {
  const aspects = Object.fromEntries(names(1600).map((name) => [name, 'abc']))
  const built = { ...declared, takenOver: { aspects, indexes: {}, statistics: {} } }
  expect(parseDeclared(formatDeclared(built, fits))).toEqual({ ...declared, takenOver: null })
  const wide = { ...declared, takenOver: null, columns: names(1600) }
  expect(parseDeclared(formatDeclared(wide, fits))).toEqual({ ...wide, columns: [] })
  const many = { ...wide, grantSelect: names(1600) }
  const kept = formatDeclared(many, fits)
  expect(fits(kept)).toBe(true)
  expect(parseDeclared(kept)).toEqual({ ...many, columns: [], grantSelect: [] })
})
