import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DuroError } from '../../../src/errors.ts'
import { makePlan, type PlanInput } from '../../../src/plan/make-plan.ts'
import type { Plan, Reason, ViewState } from '../../../src/plan/plan.ts'
import type { Materialized } from '../../../src/project/view-settings.ts'
import { DAY, HOUR, makeProject, MINUTE, type ViewSketch } from '../graph/make-project.ts'
import { afterRun, built, makeInput, NOON } from './make-input.ts'
import { simulate } from './simulate.ts'

describe('makePlan, for any project and any state', () => {
  it('plans nothing after a refresh of all that was planned', () => {
    fc.assert(
      fc.property(arbitraryInput, (input) => {
        expect(makePlan(refreshed(input, makePlan(input))).views).toEqual([])
      }),
    )
  })

  it('puts every view after its upstream, and gives it a reason', () => {
    fc.assert(
      fc.property(arbitrarySelection, (input) => {
        const plan = planOrNull(input)
        const seen = new Set<string>()
        for (const { name, after, reasons } of plan?.views ?? []) {
          expect(after.filter((before) => !seen.has(before))).toEqual([])
          const planned = plan?.views.map((view) => view.name) ?? []
          expect(after).toEqual(
            planned.filter((each) => input.graph.upstream.get(name)?.has(each)).toSorted(),
          )
          expect(reasons.length).toBeGreaterThan(0)
          seen.add(name)
        }
      }),
    )
  })

  it('is the same whatever the order in which the views were found', () => {
    fc.assert(
      fc.property(arbitraryInput, (input) => {
        const views = new Map([...input.project.views].toReversed())
        const other = makeInput(
          { ...input.project, views },
          { states: new Map([...input.states].toReversed()) },
        )
        expect(makePlan(other)).toEqual(makePlan(input))
      }),
    )
  })

  it('leaves nothing bound to an old version, whatever is selected', () => {
    fc.assert(
      fc.property(arbitrarySelection, (input) => {
        const planned = new Set(planOrNull(input)?.views.map(({ name }) => name))
        const left = [...planned]
          .flatMap((name) => [...(input.graph.downstream.get(name) ?? [])])
          .filter((reader) => input.project.views.get(reader)?.settings.materialized !== 'table')
          .filter((reader) => input.states.get(reader)?.live !== 'missing' && !planned.has(reader))
        expect(left).toEqual([])
      }),
    )
  })

  it('builds nothing on stale upstream, unless that is excluded', () => {
    fc.assert(
      fc.property(arbitrarySelection, (input) => {
        const planned = new Set(planOrNull(input)?.views.map(({ name }) => name))
        const all = makePlan(makeInput(input.project, { states: input.states })).views
        const stale = new Set(all.filter(isStaleItself).map(({ name }) => name))
        const left = [...planned]
          .flatMap((name) => [...(input.graph.upstream.get(name) ?? [])])
          .filter((name) => stale.has(name) && !input.selection.excluded.has(name) && !planned.has(name))
        expect(left).toEqual([])
      }),
    )
  })

  it('rebuilds all that is named, and nothing that is excluded', () => {
    fc.assert(
      fc.property(arbitrarySelection, (input) => {
        const plan = planOrNull(input)
        if (plan === null) return
        const planned = new Set(plan.views.map(({ name }) => name))
        for (const name of input.selection.named) expect(planned).toContain(name)
        for (const name of input.selection.excluded) expect(planned).not.toContain(name)
        expect(plan.fresh.map(({ name }) => name)).toEqual(
          input.graph.order.filter((name) => input.selection.selected.has(name) && !planned.has(name)),
        )
      }),
    )
  })

  it('runs no table more often than its interval allows, and none much later than cron can', () => {
    const starts = fc
      .array(fc.integer({ min: MINUTE, max: 3 * HOUR }), { minLength: 1, maxLength: 60 })
      .map((gaps) => gaps.map((_, index) => gaps.slice(0, index + 1).reduce((sum, gap) => sum + gap, 0)))
    fc.assert(
      fc.property(arbitraryProject(['table']), starts, fc.boolean(), (project, all, remembersRefreshes) => {
        const { intervals } = makeInput(project)
        for (const [name, runs] of Object.entries(simulate({ project, starts: all, remembersRefreshes }))) {
          const interval = intervals.get(name) ?? Number.NaN
          for (const [index, run] of runs.entries()) {
            const next = runs[index + 1] ?? Infinity
            expect(next - run).toBeGreaterThanOrEqual(interval * 0.95)
            // No start of cron goes by at which the view was older than it may be.
            expect(all.filter((start) => start >= run + interval && start < next)).toEqual([])
          }
        }
      }),
    )
  })

  it('takes 10,000 views, wide or deep', () => {
    for (const reads of [(index: number) => index - 1, (index: number) => Math.floor(index / 100) - 1]) {
      const sketches: Record<string, ViewSketch> = {}
      for (let i = 0; i < 10_000; i++) sketches[`a.v${i}`] = reads(i) < 0 ? {} : { reads: [`a.v${reads(i)}`] }
      expect(makePlan(makeInput(makeProject(sketches))).views).toHaveLength(10_000)
    }
  })
})

const ALL_KINDS: readonly Materialized[] = ['view', 'table', 'none']

function arbitraryProject(kinds: readonly Materialized[]) {
  return fc
    .array(
      fc.record({
        reads: fc.array(fc.nat(12), { maxLength: 3 }),
        materialized: fc.constantFrom(...kinds),
        interval: fc.constantFrom(null, 10 * MINUTE, HOUR, 6 * HOUR, DAY),
      }),
      { minLength: 1, maxLength: 12 },
    )
    .map((sketches) =>
      makeProject(
        Object.fromEntries(
          sketches.map(({ reads, ...rest }, index) => [
            `a.v${index}`,
            { ...rest, reads: reads.filter((each) => each < index).map((each) => `a.v${each}`) },
          ]),
        ),
      ),
    )
}

/** A refresh of all views. */
const arbitraryInput = arbitraryProject(ALL_KINDS).chain((project) =>
  fc
    .tuple(
      ...[...project.views.keys()].map((name) =>
        fc
          .record({
            live: fc.constantFrom<ViewState['live']>(
              'missing',
              'published',
              'published',
              'published',
              'foreign',
            ),
            age: fc.integer({ min: 0, max: 2 * DAY }),
            forced: fc.boolean(),
            failed: fc.boolean(),
            isChanged: fc.boolean(),
            usualDuration: fc.option(fc.nat(1000)),
          })
          .map(({ age, isChanged, ...given }): [string, ViewState] => [
            name,
            built(project, name, new Date(NOON.getTime() - age), {
              ...given,
              forced: given.forced && given.failed,
              ...(isChanged && given.failed ? { definition: { sql: 'select 2', settings: '' } } : {}),
            }),
          ]),
      ),
    )
    .map((states) => makeInput(project, { states: new Map(states) })),
)

/** A refresh of some views, some of them named, some excluded. */
const arbitrarySelection = arbitraryInput.chain((input) =>
  fc
    .tuple(
      ...input.graph.order.map((name) =>
        fc.constantFrom('selected', 'named', 'excluded', 'neither', 'neither').map((how) => ({ name, how })),
      ),
    )
    .map((choices): PlanInput => {
      const having = (...hows: string[]) =>
        new Set(choices.filter(({ how }) => hows.includes(how)).map(({ name }) => name))
      const selection = {
        selected: having('selected', 'named'),
        named: having('named'),
        excluded: having('excluded'),
      }
      return { ...input, selection }
    }),
)

/** Null where the exclusion is refused. */
function planOrNull(input: PlanInput): Plan | null {
  try {
    return makePlan(input)
  } catch (error) {
    if (error instanceof DuroError && error.code === 'usage') return null
    throw error
  }
}

function refreshed(input: PlanInput, plan: Plan): PlanInput {
  return { ...input, states: afterRun(input.project, input.states, plan, input.now) }
}

function isStaleItself({ reasons }: { reasons: readonly Reason[] }): boolean {
  return reasons.some(({ kind }) => kind !== 'follows')
}
