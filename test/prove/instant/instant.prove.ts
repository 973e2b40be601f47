import { afterAll, expect, test } from 'vitest'

import { printTable } from '../table.ts'
import { type InstantOptions, measureInstant, type MeasuredInstant } from './measure.ts'

const runs = Number(process.env['DURO_PROVE_RUNS'] ?? 20)

const rows: (string | number)[][] = []

afterAll(() => {
  printTable(
    `18 views on three levels, four at once, ${runs} runs each, beside a writer`,
    ['', 'runs', 'refused', 'mixed', 'empty', 'writes', 'write errors', 'longest write ms', 'hung'],
    rows,
  )
})

async function measure(name: string, options: Omit<InstantOptions, 'runs'>): Promise<MeasuredInstant> {
  const measured = await measureInstant({ ...options, runs })
  rows.push([
    name,
    measured.runs,
    measured.refused.length,
    measured.mixed.length,
    measured.empty,
    measured.writes,
    measured.writeErrors.length,
    measured.longestWrite.toFixed(0),
    measured.hung ? 'yes' : 'no',
  ])
  for (const what of new Set([...measured.refused, ...measured.writeErrors]))
    process.stdout.write(`${name}: ${what}\n`)
  return measured
}

const writers = [
  { writer: 'update', pause: 5 },
  { writer: 'truncate and reload', pause: 3000 },
  { writer: 'truncate and reload, backwards', pause: 3000 },
  { writer: 'a new table in its place', pause: 3000 },
] as const

for (const materialized of ['view', 'table'] as const) {
  test.each(writers)(`all views of a run agree: ${materialized}s, $writer`, async (options) => {
    const measured = await measure(`${materialized}s, ${options.writer}`, { materialized, ...options })
    expect(measured).toMatchObject({ mixed: [], empty: 0, hung: false, writeErrors: [] })
    expect(measured.refused.length).toBeLessThan(runs)
    for (const said of measured.refused) expect(said).toContain('while the views were built')
  })
}

test('without one instant they do not agree: the proof can fail', async () => {
  const measured = await measure('views, update, one_instant: false', {
    materialized: 'view',
    writer: 'update',
    oneInstant: false,
    pause: 5,
  })
  expect(measured.mixed.length).toBeGreaterThan(0)
})
