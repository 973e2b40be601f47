import { expect, test } from 'vitest'

import { measureReaders, sumOf } from '../../prove/readers/measure.ts'

// The short form of `npm run prove:readers`, without its times.
test('readers of all kinds see no error, no empty view and no mix while views are swapped', async () => {
  const measured = await measureReaders({
    size: { views: 6, rows: 100 },
    until: { refreshes: 4 },
    refresh: 'duro',
    pause: 50,
  })
  const { errors, empties, mixes } = sumOf(measured.readers)
  expect({ errors, empties, mixes, failures: measured.failures, swaps: measured.swaps }).toEqual({
    errors: [],
    empties: 0,
    mixes: 0,
    failures: [],
    swaps: 4,
  })
})
