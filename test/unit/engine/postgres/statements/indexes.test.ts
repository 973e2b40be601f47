import { expect, test } from 'vitest'

import { declaredIndexName } from '../../../../../src/engine/postgres/statements/indexes.ts'
import type { IndexSettings } from '../../../../../src/project/view-settings.ts'

const index = (settings: Partial<IndexSettings>): IndexSettings => ({
  columns: ['city'],
  unique: false,
  include: [],
  where: null,
  method: null,
  name: null,
  ...settings,
})

test.each<[Partial<IndexSettings>, string]>([
  [{}, 'shops_city_idx'],
  [{ columns: ['city', 'year'] }, 'shops_city_year_idx'],
  [{ columns: ['lower(city)'] }, 'shops_lower_city_idx'],
  [{ where: 'year > 2000' }, 'shops_city_part_idx'],
  [{ name: 'by_city' }, 'by_city'],
])('an index of %j is called %s', (settings, name) => {
  expect(declaredIndexName('shops', index(settings))).toBe(name)
})

test('a name that would be too long is cut within 63 bytes, and two of them stay apart', () => {
  const long = 'ü'.repeat(40)
  const names = [`${long}a`, `${long}b`].map((column) =>
    declaredIndexName('shops', index({ columns: [column] })),
  )
  for (const name of names) expect(Buffer.byteLength(name)).toBeLessThanOrEqual(63)
  expect(new Set(names).size).toBe(2)
  expect(declaredIndexName('shops', index({ columns: [`${long}a`] }))).toBe(names[0])
})
