import { describe, expect, it } from 'vitest'
import { DAY, HOUR, makeProject, MINUTE } from '../graph/make-project.ts'
import { cron, simulate } from './simulate.ts'

/** cities may be a day old, people an hour; shops in between takes the hour of people. */
const threeTables = (materialized: 'view' | 'table') =>
  makeProject({
    'first.cities': { interval: DAY, materialized },
    'first.shops': { reads: ['first.cities'], materialized },
    'first.people': { reads: ['first.shops'], interval: HOUR, materialized },
  })

const hours = Array.from({ length: 72 }, (_, hour) => hour * HOUR)

describe.each(['view', 'table'] as const)(
  'three days with cron every five minutes, as %s',
  (materialized) => {
    it.each([true, false])('rebuilds cities daily, shops and people hourly', (remembersRefreshes) => {
      const project = threeTables(materialized)
      const expected = { 'first.cities': [0, DAY, 2 * DAY], 'first.shops': hours, 'first.people': hours }
      const starts = cron(5 * MINUTE, 3 * DAY)
      expect(simulate({ project, starts, remembersRefreshes })).toEqual(expected)
      // The builds read the sources some seconds after cron has started the run.
      expect(simulate({ project, starts, untilBuild: 20_000, remembersRefreshes })).toEqual(expected)
    })
  },
)

describe('what is bound runs as often as what it reads', () => {
  it('rebuilds a daily materialized view with its hourly upstream, and a daily table daily', () => {
    const project = makeProject({
      'a.hourly': { interval: HOUR },
      'a.bound': { reads: ['a.hourly'], interval: DAY },
      'a.table': { reads: ['a.bound'], interval: DAY, materialized: 'table' },
    })
    const starts = cron(5 * MINUTE, 3 * DAY)
    expect(simulate({ project, starts, remembersRefreshes: true })).toEqual({
      'a.hourly': hours,
      'a.bound': hours,
      'a.table': [0, DAY, 2 * DAY],
    })
  })
})
