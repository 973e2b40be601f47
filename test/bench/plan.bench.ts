import { afterAll, expect, test } from 'vitest'

import { printTable } from '../prove/table.ts'
import { createDatabase, query } from '../support/database.ts'
import { duro } from '../support/duro.ts'
import { makeTemporaryFolder } from '../support/temporary-folder.ts'
import { measureDuro, type Measurement } from './many-views/measure-duro.ts'
import { publishViews } from './many-views/publish-views.ts'
import { makeManyViews, writeManyViews } from './many-views/write-views.ts'

const counts = (process.env['DURO_BENCH_VIEWS'] ?? '1000,2000,5000,10000').split(',').map(Number)
const rounds = Number(process.env['DURO_BENCH_ROUNDS'] ?? 5)

/** Seconds, and MiB, at most, by the number of views. */
const targets: Readonly<Record<number, { seconds: number; memory: number }>> = {
  1000: { seconds: 1, memory: 400 },
  10_000: { seconds: 4, memory: 400 },
}

const rows: (string | number)[][] = []
afterAll(() => {
  printTable(
    `duro plan from the start of node to its end, ${rounds} rounds, median`,
    ['views', 'state', 'seconds', 'processor seconds', 'ms per view', 'memory (MiB)'],
    rows,
  )
})

test.each(counts)('plan of %i views', async (count) => {
  const database = await createDatabase()
  const root = await makeTemporaryFolder('bench')
  try {
    const views = makeManyViews(count)
    await writeManyViews(root, views)
    await query(database.url, 'create table source (id bigint, day date, amount numeric, label text)')
    const plan = ['--database', database.url, 'plan']

    const first = await median(plan, root, Math.min(rounds, 3))
    rows.push(row(count, 'new project', first))
    expect(first.output).toContain(`${count.toLocaleString('en')} views to build`)

    // Makes the state tables: the one view is fresh afterwards, like the others.
    await duro({ root }, database.url, ['refresh', 'part_0.view_00000'])
    await publishViews(database.url, root, views)
    const steady = await median(plan, root, rounds)
    rows.push(row(count, 'all published and fresh', steady))
    expect(steady.output).toContain(`${count.toLocaleString('en')} views are fresh`)
    const { seconds, memory } = targets[count] ?? { seconds: Infinity, memory: Infinity }
    expect.soft(steady.seconds).toBeLessThan(seconds)
    expect.soft(steady.memory).toBeLessThan(memory)

    // A day later all of them are due.
    await query(database.url, "update duro.views set built_at = now() - interval '25 hours'")
    const stale = await median(plan, root, rounds)
    rows.push(row(count, 'all published and stale', stale))
    expect(stale.output).toContain(`${count.toLocaleString('en')} views to build`)
  } finally {
    await database.drop()
  }
})

async function median(args: readonly string[], root: string, times: number): Promise<Measurement> {
  const measured: Measurement[] = []
  for (let round = 0; round < times; round++) measured.push(await measureDuro(args, root))
  const sorted = measured.toSorted((a, b) => a.seconds - b.seconds)
  const middle = sorted[sorted.length >> 1]
  if (middle === undefined) throw new Error('nothing was measured')
  // A server with the usual settings has no locks for ten thousand views in one swap, which a plan says at its end.
  if (middle.code !== 0 && !middle.output.includes('max_locks_per_transaction'))
    throw new Error(middle.output.slice(0, 2000))
  return { ...middle, memory: Math.max(...measured.map(({ memory }) => memory)) }
}

const row = (count: number, state: string, { seconds, cpu, memory }: Measurement) => [
  count,
  state,
  seconds.toFixed(2),
  cpu.toFixed(2),
  ((seconds * 1000) / count).toFixed(2),
  Math.round(memory),
]
