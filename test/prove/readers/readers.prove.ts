import { expect, test } from 'vitest'

import { printTable } from '../table.ts'
import { measureReaders, sumOf, type Measured } from './measure.ts'

const milliseconds = Number(process.env['DURO_PROVE_SECONDS'] ?? 60) * 1000
const pause = Number(process.env['DURO_PROVE_PAUSE'] ?? 50)
const size = { views: 20, rows: 200 }

test('readers see the old set or the new one, and hardly wait', async () => {
  const naive = await measureReaders({ size, until: { milliseconds }, refresh: 'naive', pause })
  const duro = await measureReaders({ size, until: { milliseconds }, refresh: 'duro', pause })
  printTable(
    `16 readers, 20 materialized views, 60 plain views, ${milliseconds / 1000} s each, readers pause up to ${pause} ms`,
    ['', 'swaps', 'tries', 'failed', 'statements', 'errors', 'empty', 'mixed', 'p50 ms', 'p99 ms', 'max ms'],
    [row('naive renames', naive), row('duro', duro)],
  )
  printTable(
    'duro, by kind of reader',
    ['', 'statements', 'errors', 'empty', 'mixed', 'p50 ms', 'p99 ms', 'max ms'],
    duro.readers.map((reader) => [reader.kind, ...cells([reader])]),
  )
  listErrors('naive', naive)
  listErrors('duro', duro)
  const sum = sumOf(duro.readers)
  expect(sum.errors).toEqual([])
  expect({ empties: sum.empties, mixes: sum.mixes }).toEqual({ empties: 0, mixes: 0 })
  expect(duro.failures).toEqual([])
  expect(duro.swaps).toBeGreaterThan(0)
  expect(sum.max).toBeLessThan(500)
})

const cells = (readers: Measured['readers']): (string | number)[] => {
  const sum = sumOf(readers)
  const times = [sum.p50, sum.p99, sum.max].map((time) => time.toFixed(1))
  return [sum.statements, sum.errors.length, sum.empties, sum.mixes, ...times]
}

const row = (name: string, measured: Measured): (string | number)[] => [
  name,
  measured.swaps,
  measured.tries,
  measured.failures.length,
  ...cells(measured.readers),
]

function listErrors(name: string, { readers, failures }: Measured): void {
  const counts = new Map<string, number>()
  for (const error of [...sumOf(readers).errors, ...failures.map((failure) => `refresh: ${failure}`)]) {
    const kind = error.replaceAll(/\d+/g, '0')
    counts.set(kind, (counts.get(kind) ?? 0) + 1)
  }
  for (const [error, count] of counts) process.stdout.write(`${name}: ${count} × ${error.slice(0, 300)}\n`)
}
