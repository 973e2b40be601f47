import { expect, test } from 'vitest'

import { measureInstant } from '../../prove/instant/measure.ts'

// The short form of `npm run prove:instant`.
test.each(['view', 'table'] as const)('all views of a run read one instant: %ss', async (materialized) => {
  const measured = await measureInstant({ materialized, writer: 'update', runs: 2, pause: 5 })
  expect(measured).toMatchObject({ runs: 2, refused: [], mixed: [], empty: 0, writeErrors: [], hung: false })
})

test('views agree also beside a job that truncates and reloads what they read', async () => {
  const measured = await measureInstant({
    materialized: 'view',
    writer: 'truncate and reload',
    runs: 2,
    pause: 4000,
  })
  expect(measured).toMatchObject({ runs: 2, mixed: [], empty: 0, writeErrors: [], hung: false })
})
