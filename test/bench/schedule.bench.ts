import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { afterAll, describe, expect, inject, test } from 'vitest'

import { lowerBound } from '../../src/graph/critical-path.ts'
import { runInOrder } from '../../src/pipeline/run-in-order.ts'
import { printTable } from '../prove/table.ts'
import { compare, makeShapes } from './schedule/shapes.ts'

const headings = ['shape', 'at once', 'lower bound (s)', 'took (s)', 'ratio']
const signal = new AbortController().signal
const cases = makeShapes().flatMap((shape) =>
  [2, 4, 8].map((concurrency) => ({ shape, concurrency, name: shape.name })),
)

/** The scheduler of real runs; only the work is another. */
async function schedule(
  { shape, concurrency }: (typeof cases)[number],
  work: (milliseconds: number) => Promise<unknown>,
): Promise<number> {
  const { tasks, durations } = shape
  const began = performance.now()
  await runInOrder({
    tasks,
    durations,
    concurrency,
    work: (name) => work(durations.get(name) ?? 0),
    onFailure: 'finish',
    signal,
  })
  return performance.now() - began
}

describe('200 views, each a timer', () => {
  const rows: (string | number)[][] = []
  afterAll(() => printTable('makespan with timers', headings, rows))

  test.each(cases)('$name, $concurrency at once', async (one) => {
    const { ratio, row } = compare(one.shape, one.concurrency, await schedule(one, (time) => sleep(time)))
    rows.push(row)
    expect(ratio).toBeLessThan(1.05)
  })
})

/** A question to the server takes a millisecond or two, for which the views should be long enough. */
const slower = 2

describe('200 views, each a pg_sleep', () => {
  const rows: (string | number)[][] = []
  afterAll(() => printTable(`makespan with pg_sleep on a server, times divided by ${slower}`, headings, rows))

  test.each(cases.filter(({ concurrency }) => concurrency === 4))('$name', async (one) => {
    const idle = await Promise.all(Array.from({ length: one.concurrency }, connect))
    const took = await schedule(one, async (time) => {
      const client = idle.pop()
      if (client === undefined) throw new Error('more at once than there are sessions')
      await client.query('select pg_sleep($1)', [(slower * time) / 1000])
      idle.push(client)
    })
    await Promise.all(idle.map((client) => client.end()))
    const { ratio, row } = compare(one.shape, one.concurrency, took / slower)
    rows.push(row)
    expect(ratio).toBeLessThan(1.05)
  })
})

test('the shapes are what they are called', () => {
  const [chain, wide] = makeShapes()
  const work = (shape: typeof chain) =>
    [...(shape?.durations.values() ?? [])].reduce((sum, time) => sum + time, 0)
  expect(lowerBound(chain?.tasks ?? [], chain?.durations ?? new Map(), 8)).toBeGreaterThan(work(chain) / 8)
  expect(lowerBound(wide?.tasks ?? [], wide?.durations ?? new Map(), 8)).toBe(work(wide) / 8)
})

async function connect(): Promise<Client> {
  const client = new Client({ connectionString: inject('adminUrl') })
  await client.connect()
  return client
}
