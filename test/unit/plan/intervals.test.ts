import { describe, expect, it } from 'vitest'
import { ProblemsError, type Problem } from '../../../src/errors.ts'
import { buildGraph } from '../../../src/graph/build-graph.ts'
import { effectiveIntervals } from '../../../src/plan/intervals.ts'
import { DAY, HOUR, makeProject, type ViewSketch } from '../graph/make-project.ts'

describe('effectiveIntervals', () => {
  it('takes the shortest of the readers, however far', () => {
    expect(
      intervalsOf({
        'a.base': {},
        'a.middle': { reads: ['a.base'] },
        'a.hourly': { reads: ['a.middle'], interval: HOUR },
        'a.daily': { reads: ['a.base'], interval: DAY },
      }),
    ).toEqual({ 'a.base': HOUR, 'a.middle': HOUR, 'a.hourly': HOUR, 'a.daily': DAY })
  })

  it('keeps a view to its own interval, and its upstream to that', () => {
    expect(
      intervalsOf({
        'a.base': {},
        'a.middle': { reads: ['a.base'], interval: DAY },
        'a.hourly': { reads: ['a.middle'], interval: HOUR },
      }),
    ).toEqual({ 'a.base': DAY, 'a.middle': DAY, 'a.hourly': HOUR })
  })

  it('passes through plain views, and takes their wishes', () => {
    expect(
      intervalsOf({
        'a.base': {},
        'a.plain': { reads: ['a.base'], materialized: 'none' },
        'a.daily': { reads: ['a.plain'], interval: DAY },
        'b.base': {},
        'b.plain': { reads: ['b.base'], materialized: 'none', interval: HOUR },
      }),
    ).toEqual({ 'a.base': DAY, 'a.plain': DAY, 'a.daily': DAY, 'b.base': HOUR, 'b.plain': HOUR })
  })

  it('falls back to the default, for views that nobody reads', () => {
    expect(intervalsOf({ 'a.base': {}, 'a.last': { reads: ['a.base'] } }, DAY)).toEqual({
      'a.base': DAY,
      'a.last': DAY,
    })
  })

  it('asks nothing of a plain view that reads sources alone', () => {
    expect(intervalsOf({ 'a.plain': { materialized: 'none', reads: ['raw.x'] } })).toEqual({
      'a.plain': null,
    })
  })

  it('names every view that needs an interval, and not what is upstream of one', () => {
    expect(
      problemsOf({
        'a.base': {},
        'a.last': { reads: ['a.base'] },
        'b.base': {},
        'b.plain': { reads: ['b.base'], materialized: 'none' },
      }),
    ).toEqual([
      {
        message: 'a.last has no interval, and no view reads it',
        file: 'views/a/last.sql',
        hint: expect.stringContaining('`last — 24h.sql`'),
      },
      {
        message: 'b.base has no interval, and only plain views without an interval read it (b.plain)',
        file: 'views/b/base.sql',
        hint: expect.stringContaining('default_interval'),
      },
    ])
  })
})

function intervalsOf(sketches: Readonly<Record<string, ViewSketch>>, defaultInterval: number | null = null) {
  const project = makeProject(sketches, { defaultInterval })
  return Object.fromEntries(effectiveIntervals(project, buildGraph(project)))
}

function problemsOf(sketches: Readonly<Record<string, ViewSketch>>): readonly Problem[] {
  try {
    intervalsOf(sketches)
  } catch (error) {
    if (error instanceof ProblemsError) return error.problems
    throw error
  }
  return []
}
