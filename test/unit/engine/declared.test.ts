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
  description: true,
  columns: ['id', 'name'],
  table: nothingDeclared,
}

test('what was declared is kept whole where it fits', () => {
  expect(parseDeclared(formatDeclared(declared, fits))).toEqual(declared)
})

test('of more than fits the columns go first, and then the readers', () => {
  const wide = { ...declared, columns: names(1600) }
  expect(parseDeclared(formatDeclared(wide, fits))).toEqual({ ...wide, columns: [] })
  const many = { ...wide, grantSelect: names(1600) }
  const kept = formatDeclared(many, fits)
  expect(fits(kept)).toBe(true)
  expect(parseDeclared(kept)).toEqual({ ...many, columns: [], grantSelect: [] })
})
