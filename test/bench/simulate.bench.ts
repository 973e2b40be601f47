import { expect, test } from 'vitest'

import { printTable } from '../prove/table.ts'
import { DAY, HOUR, makeProject, MINUTE } from '../unit/graph/make-project.ts'
import { cron, simulate } from '../unit/plan/simulate.ts'

/** cities may be a day old, people an hour; shops in between takes the hour of people. */
const threeTables = makeProject({
  'first.cities': { interval: DAY, materialized: 'table' },
  'first.shops': { reads: ['first.cities'], materialized: 'table' },
  'first.people': { reads: ['first.shops'], interval: HOUR, materialized: 'table' },
})

const may: Readonly<Record<string, string>> = {
  'first.cities': '24 h',
  'first.shops': '1 h, from its reader',
  'first.people': '1 h',
}

test('three days with cron every five minutes, each run a little late', () => {
  // Up to a minute late, and twenty seconds until the builds read the sources.
  const starts = cron(5 * MINUTE, 3 * DAY, (index) => (index * 7919) % MINUTE)
  const runs = simulate({ project: threeTables, starts, untilBuild: 20_000, remembersRefreshes: true })
  printTable(
    `three days, ${starts.length} runs of cron`,
    ['view', 'may be', 'day 1', 'day 2', 'day 3', 'all', 'first builds'],
    Object.entries(runs).map(([name, times]) => [
      name,
      may[name] ?? '',
      ...[0, 1, 2].map((day) => times.filter((time) => Math.floor(time / DAY) === day).length),
      times.length,
      `${times.slice(0, 4).map(clock).join(', ')} …`,
    ]),
  )
  const counts = Object.fromEntries(Object.entries(runs).map(([name, times]) => [name, times.length]))
  expect(counts).toEqual({ 'first.cities': 3, 'first.shops': 72, 'first.people': 72 })
})

const clock = (time: number): string => new Date(time).toISOString().slice(8, 16).replace('T', '. ')
