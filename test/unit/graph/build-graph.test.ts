import { describe, expect, it } from 'vitest'
import { ProblemsError, type Problem } from '../../../src/errors.ts'
import { buildGraph } from '../../../src/graph/build-graph.ts'
import { makeProject, type ViewSketch } from './make-project.ts'

describe('buildGraph', () => {
  it('orders upstream first, and views of the same depth by name', () => {
    const { order } = buildGraph(
      makeProject({
        'b.last': { reads: ['b.middle'] },
        'b.middle': { reads: ['b.zero', 'a.zero'] },
        'b.zero': {},
        'a.zero': {},
        'a.short': { reads: ['b.zero'] },
      }),
    )
    expect(order).toEqual(['a.zero', 'b.zero', 'a.short', 'b.middle', 'b.last'])
  })

  it('keeps both directions, each edge once', () => {
    const graph = buildGraph(
      makeProject({ 'first.cities': {}, 'first.shops': { reads: ['first.cities', 'first.cities'] } }),
    )
    expect(graph.upstream).toEqual(
      new Map([
        ['first.cities', new Set()],
        ['first.shops', new Set(['first.cities'])],
      ]),
    )
    expect(graph.downstream).toEqual(
      new Map([
        ['first.cities', new Set(['first.shops'])],
        ['first.shops', new Set()],
      ]),
    )
  })

  it('lists the sources once each', () => {
    const graph = buildGraph(
      makeProject({ 'first.cities': { reads: ['raw.cities', 'towns', 'raw.cities', 'pg_catalog.towns'] } }),
    )
    expect(graph.sources.get('first.cities')).toEqual([
      { schema: 'raw', name: 'cities' },
      { schema: null, name: 'towns' },
      { schema: 'pg_catalog', name: 'towns' },
    ])
  })

  it('looks unqualified names up along the search path', () => {
    const project = makeProject(
      { 'second.cities': {}, 'first.cities': {}, 'first.shops': { reads: ['cities'] } },
      { defaultSchema: ['third', 'second', 'first'] },
    )
    expect(buildGraph(project).upstream.get('first.shops')).toEqual(new Set(['second.cities']))
  })

  it('takes depends_on for an edge', () => {
    const project = makeProject(
      {
        'first.cities': {},
        'first.shops': { dependsOn: ['first.cities'] },
        'first.people': { dependsOn: ['shops'] },
      },
      { defaultSchema: ['first'] },
    )
    expect(buildGraph(project).order).toEqual(['first.cities', 'first.shops', 'first.people'])
  })

  it('names the nearest views for an unknown depends_on', () => {
    expect(problemsOf({ 'first.cities': {}, 'first.shops': { dependsOn: ['first.citys'] } })).toEqual([
      {
        message: 'depends_on of first.shops names first.citys, which is no view of this project',
        file: 'views/first/shops.sql',
        hint: 'Did you mean first.cities?',
      },
    ])
  })

  it('refuses what leads into a value by its form and is a view by its name', () => {
    const problems = problemsOf({
      'sales.orders': {},
      'first.cities': { reads: ['public.sales', 'sales.orders'], ways: ['sales.orders'] },
      'first.shops': { reads: ['public.sales', 'sales.items'], ways: ['sales.items'] },
    })
    expect(problems).toEqual([
      {
        message: 'sales.orders can be the view, or a column of what is called sales here',
        file: 'views/first/cities.sql',
        line: 1,
        column: 29,
        hint: 'Give what is called sales an alias that is the name of no schema.',
      },
    ])
  })

  it('prints a view that reads itself', () => {
    expect(problemsOf({ 'first.cities': { reads: ['first.cities'] } })).toEqual([
      {
        message: 'first.cities reads itself: first.cities → first.cities',
        file: 'views/first/cities.sql',
        line: 1,
        column: 15,
        hint: 'first.cities reads first.cities at views/first/cities.sql:1:15',
      },
    ])
  })

  it('prints a cycle as the cycle it is, with the place of each reference', () => {
    const problems = problemsOf({
      'first.before': {},
      'first.a': { prelude: '-- 🐘\n/* 🐘 */ ', reads: ['first.before', 'first.c'] },
      'first.b': { dependsOn: ['first.a'] },
      'first.c': { reads: ['first.b'] },
      'first.downstream': { reads: ['first.a'] },
    })
    expect(problems).toEqual([
      {
        message: 'cycle: first.a → first.c → first.b → first.a',
        file: 'views/first/a.sql',
        line: 2,
        column: 37,
        hint: [
          'first.a reads first.c at views/first/a.sql:2:37',
          'first.c reads first.b at views/first/c.sql:1:15',
          'first.b names first.a in depends_on',
        ].join('\n'),
      },
    ])
  })

  it('finds every cycle in one pass, the shortest of each group', () => {
    const problems = problemsOf({
      'x.a': { reads: ['x.b', 'x.c'] },
      'x.b': { reads: ['x.c'] },
      'x.c': { reads: ['x.a'] },
      'y.a': { reads: ['y.b', 'x.a'] },
      'y.b': { reads: ['y.a'] },
      'z.a': { reads: ['y.b', 'z.a'] },
    })
    expect(problems.map(({ message }) => message)).toEqual([
      'cycle: x.a → x.c → x.a',
      'cycle: y.a → y.b → y.a',
      'z.a reads itself: z.a → z.a',
    ])
  })

  it('takes a chain of 10,000 views, and a cycle of as many', () => {
    const chain: Record<string, ViewSketch> = {}
    for (let i = 0; i < 10_000; i++) chain[`deep.v${i}`] = i === 0 ? {} : { reads: [`deep.v${i - 1}`] }
    expect(buildGraph(makeProject(chain)).order.at(-1)).toBe('deep.v9999')

    chain['deep.v0'] = { reads: ['deep.v9999'] }
    expect(problemsOf(chain)).toHaveLength(1)
  })
})

function problemsOf(sketches: Readonly<Record<string, ViewSketch>>): readonly Problem[] {
  try {
    buildGraph(makeProject(sketches))
  } catch (error) {
    if (error instanceof ProblemsError) return error.problems
    throw error
  }
  return []
}
