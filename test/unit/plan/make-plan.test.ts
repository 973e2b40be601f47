import { describe, expect, it } from 'vitest'
import { makePlan } from '../../../src/plan/make-plan.ts'
import type { Plan, ViewState } from '../../../src/plan/plan.ts'
import { DAY, HOUR, makeProject, type ViewSketch } from '../graph/make-project.ts'
import { allBuilt, built, makeInput, NOON, selecting } from './make-input.ts'

const ago = (milliseconds: number) => new Date(NOON.getTime() - milliseconds)

/** cities ← shops ← people, and cities ← taxes as a table ← reports. */
const five = (overrides: Record<string, ViewSketch> = {}) =>
  makeProject({
    'first.cities': { interval: DAY, ...overrides['first.cities'] },
    'first.shops': { interval: DAY, reads: ['first.cities'], ...overrides['first.shops'] },
    'first.people': { interval: DAY, reads: ['first.shops'], ...overrides['first.people'] },
    'first.taxes': {
      interval: DAY,
      reads: ['first.cities'],
      materialized: 'table',
      ...overrides['first.taxes'],
    },
    'first.reports': { interval: DAY, reads: ['first.taxes'], ...overrides['first.reports'] },
  })

describe('makePlan', () => {
  it('builds everything that is missing, upstream first', () => {
    const plan = makePlan(makeInput(five()))
    expect(plan.views.map(({ name, after }) => [name, after])).toEqual([
      ['first.cities', []],
      ['first.shops', ['first.cities']],
      ['first.taxes', ['first.cities']],
      ['first.people', ['first.shops']],
      ['first.reports', ['first.taxes']],
    ])
    expect(plan.views[0]?.reasons).toEqual([{ kind: 'missing' }])
    expect(plan.expected).toBeNull()
  })

  it('leaves what is fresh, and says until when', () => {
    const project = five()
    const plan = makePlan(makeInput(project, { states: allBuilt(project, ago(HOUR)) }))
    expect(plan.views).toEqual([])
    expect(plan.expected).toBe(0)
    expect(plan.fresh[0]).toEqual({ name: 'first.cities', freshUntil: new Date(NOON.getTime() + DAY - HOUR) })
    expect(plan.fresh).toHaveLength(5)
  })

  it('builds anew what was built further in the future than its interval: the clock has gone back', () => {
    const project = five()
    const states = allBuilt(project, ago(HOUR))
      .set('first.taxes', built(project, 'first.taxes', ago(-DAY)))
      .set('first.reports', built(project, 'first.reports', ago(-DAY + 1)))
    expect(reasons(makePlan(makeInput(project, { states })))).toEqual({
      'first.taxes': [{ kind: 'stale', age: -DAY, interval: DAY }],
      'first.reports': [{ kind: 'follows', upstream: ['first.taxes'] }],
    })
  })

  it('pulls what is bound to a rebuilt view, and stops at tables', () => {
    const project = five()
    const states = allBuilt(project, ago(HOUR)).set(
      'first.cities',
      built(project, 'first.cities', ago(26 * HOUR)),
    )
    expect(reasons(makePlan(makeInput(project, { states })))).toEqual({
      'first.cities': [{ kind: 'stale', age: 26 * HOUR, interval: DAY }],
      'first.shops': [{ kind: 'follows', upstream: ['first.cities'] }],
      'first.people': [{ kind: 'follows', upstream: ['first.shops'] }],
    })
  })

  it('pulls through a plain view', () => {
    const project = five({ 'first.shops': { materialized: 'none' } })
    const states = allBuilt(project, ago(HOUR)).set(
      'first.cities',
      built(project, 'first.cities', ago(26 * HOUR)),
    )
    expect(Object.keys(reasons(makePlan(makeInput(project, { states }))))).toEqual([
      'first.cities',
      'first.shops',
      'first.people',
    ])
  })

  it('pulls a table that still stands as a materialized view', () => {
    const project = five()
    const states = allBuilt(project, ago(HOUR)).set(
      'first.taxes',
      built(project, 'first.taxes', ago(HOUR), {
        definition: { sql: 'select 1', settings: 'materialized: view' },
      }),
    )
    const plan = makePlan(makeInput(project, { states, selection: selecting(['first.cities']) }))
    expect(reasons(plan)['first.taxes']).toEqual([
      { kind: 'follows', upstream: ['first.cities'] },
      { kind: 'changed', what: 'settings', before: 'materialized: view', after: 'materialized: table' },
    ])
  })

  it('never finds a plain view too old', () => {
    const project = makeProject({ 'first.cities': { materialized: 'none', interval: HOUR } })
    const plan = makePlan(makeInput(project, { states: allBuilt(project, ago(9 * DAY)) }))
    expect(plan.views).toEqual([])
    expect(plan.fresh).toEqual([{ name: 'first.cities', freshUntil: null }])
  })

  it('takes a relation that duro did not make, or cannot date, as never built', () => {
    const project = five()
    const states = allBuilt(project, ago(HOUR))
      .set('first.people', built(project, 'first.people', ago(HOUR), { live: 'foreign' }))
      .set('first.reports', built(project, 'first.reports', ago(HOUR), { builtAt: null }))
    expect(reasons(makePlan(makeInput(project, { states })))).toEqual({
      'first.people': [{ kind: 'never-built' }],
      'first.reports': [{ kind: 'never-built' }],
    })
  })

  it('shows what changed', () => {
    const project = five()
    const before = { sql: 'select 2', settings: 'materialized: none' }
    const states = allBuilt(project, ago(HOUR)).set(
      'first.people',
      built(project, 'first.people', ago(HOUR), { definition: before }),
    )
    expect(reasons(makePlan(makeInput(project, { states })))).toEqual({
      'first.people': [
        { kind: 'changed', what: 'sql', before: 'select 2', after: 'select 1' },
        { kind: 'changed', what: 'settings', before: 'materialized: none', after: 'materialized: view' },
      ],
    })
  })

  it('rebuilds named views always, and their stale upstream first', () => {
    const project = five()
    const states = allBuilt(project, ago(HOUR)).set(
      'first.cities',
      built(project, 'first.cities', ago(26 * HOUR)),
    )
    const plan = makePlan(makeInput(project, { states, selection: selecting(['first.people']) }))
    expect(reasons(plan)).toEqual({
      'first.cities': [{ kind: 'stale', age: 26 * HOUR, interval: DAY }],
      'first.shops': [{ kind: 'follows', upstream: ['first.cities'] }],
      'first.people': [{ kind: 'named' }],
    })
  })

  it('does not look above a fresh table', () => {
    const project = five()
    const states = allBuilt(project, ago(HOUR)).set(
      'first.cities',
      built(project, 'first.cities', ago(26 * HOUR)),
    )
    const plan = makePlan(makeInput(project, { states, selection: selecting(['first.reports']) }))
    expect(reasons(plan)).toEqual({ 'first.reports': [{ kind: 'named' }] })
  })

  it('keeps to staleness for views that are selected and not named', () => {
    const project = five()
    const plan = makePlan(
      makeInput(project, {
        states: allBuilt(project, ago(HOUR)),
        selection: selecting(['first.cities', 'first.shops', 'first.people'], ['first.people']),
      }),
    )
    expect(reasons(plan)).toEqual({ 'first.people': [{ kind: 'named' }] })
    expect(plan.fresh.map(({ name }) => name)).toEqual(['first.cities', 'first.shops'])
  })

  it('forces everything selected, and what the state tables have flagged', () => {
    const project = five()
    const states = allBuilt(project, ago(HOUR)).set(
      'first.reports',
      built(project, 'first.reports', ago(HOUR), { forced: true }),
    )
    expect(reasons(makePlan(makeInput(project, { states })))).toEqual({
      'first.reports': [{ kind: 'forced' }],
    })
    const all = reasons(makePlan(makeInput(project, { states, force: true })))
    expect(Object.values(all)).toEqual(Array.from({ length: 5 }, () => [{ kind: 'forced' }]))
  })

  it('says that the last build failed, yet only of what is rebuilt anyway', () => {
    const project = five()
    const failed = (name: string, age: number): [string, ViewState] => [
      name,
      built(project, name, ago(age), { failed: true }),
    ]
    const states = new Map([
      ...allBuilt(project, ago(HOUR)),
      failed('first.people', 2 * DAY),
      failed('first.reports', HOUR),
    ])
    expect(reasons(makePlan(makeInput(project, { states })))).toEqual({
      'first.people': [{ kind: 'stale', age: 2 * DAY, interval: DAY }, { kind: 'failed' }],
    })
  })

  it('does not build what is missing, not selected and only downstream', () => {
    const project = five()
    const states = allBuilt(project, ago(HOUR))
    states.delete('first.people')
    const plan = makePlan(makeInput(project, { states, selection: selecting(['first.cities']) }))
    expect(Object.keys(reasons(plan))).toEqual(['first.cities', 'first.shops'])
  })

  it('refuses to exclude what is bound to a rebuilt view', () => {
    const project = five()
    const input = makeInput(project, {
      states: allBuilt(project, ago(HOUR)),
      selection: selecting(['first.cities'], ['first.cities'], ['first.shops', 'first.taxes']),
    })
    expect(() => makePlan(input)).toThrow('first.shops is bound to first.cities')
  })

  it('refuses to exclude what does not exist and is read', () => {
    const project = five()
    const states = allBuilt(project, ago(HOUR))
    states.delete('first.taxes')
    const selection = selecting(['first.reports'], ['first.reports'], ['first.taxes'])
    expect(() => makePlan(makeInput(project, { states, selection }))).toThrow(
      'first.taxes does not exist, and first.reports reads it',
    )
  })

  it('leaves excluded stale upstream as it is', () => {
    const project = five()
    const states = allBuilt(project, ago(HOUR)).set(
      'first.cities',
      built(project, 'first.cities', ago(2 * DAY)),
    )
    const selection = selecting(['first.people'], ['first.people'], ['first.cities'])
    expect(Object.keys(reasons(makePlan(makeInput(project, { states, selection }))))).toEqual([
      'first.people',
    ])
  })

  it('lists what is published and no longer in the folder', () => {
    const plan = makePlan(makeInput(five(), { published: ['first.zoos', 'first.cities', 'first.cafes'] }))
    expect(plan.removed).toEqual(['first.cafes', 'first.zoos'])
  })

  it('expects what builds took before, and marks the longest path', () => {
    const project = five()
    const took = (name: string, usualDuration: number): [string, ViewState] => [
      name,
      built(project, name, ago(2 * DAY), { usualDuration }),
    ]
    const states = new Map([
      took('first.cities', 12),
      took('first.shops', 5),
      took('first.people', 25),
      took('first.taxes', 8),
      took('first.reports', 8),
    ])
    const plan = makePlan(makeInput(project, { states }))
    expect(plan.views.map(({ name, expected, critical }) => [name, expected, critical])).toEqual([
      ['first.cities', 12, true],
      ['first.shops', 5, true],
      ['first.taxes', 8, false],
      ['first.people', 25, true],
      ['first.reports', 8, false],
    ])
    expect(plan.expected).toBe(42)
    expect(makePlan(makeInput(project, { states, concurrency: 1 })).expected).toBe(58)
  })
})

function reasons(plan: Plan) {
  return Object.fromEntries(plan.views.map((view) => [view.name, view.reasons]))
}
