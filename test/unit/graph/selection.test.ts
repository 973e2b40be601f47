import { describe, expect, it } from 'vitest'
import { DuroError } from '../../../src/errors.ts'
import { buildGraph } from '../../../src/graph/build-graph.ts'
import { selectViews } from '../../../src/graph/selection.ts'
import type { SelectionContext } from '../../../src/graph/selection-context.ts'
import { makeProject } from './make-project.ts'

const project = makeProject({
  'first.cities': { path: 'views/first/cities — 24h.sql' },
  'first.shops': { reads: ['first.cities'], tags: ['finance'] },
  'first.people': { reads: ['first.shops'], tags: ['finance', 'daily'] },
  'second.shops': { reads: ['first.shops'], path: 'views/second.shops.sql' },
  'second.a,b': { path: 'views/second.a,b.sql' },
  'second.c++': { path: 'views/second.c++.sql' },
})

const context: SelectionContext = {
  views: project.views,
  graph: buildGraph(project),
  root: '/project',
  cwd: '/project/views',
  states: () => ({
    changed: new Set(['first.people']),
    stale: new Set(['first.people', 'first.cities']),
    missing: new Set(),
    failed: new Set(['second.shops']),
  }),
}

const choose = (selectors: string[], exclude: string[] = []) => {
  const { selected, named, excluded } = selectViews(selectors, exclude, context)
  return {
    selected: [...selected].toSorted(),
    named: [...named].toSorted(),
    excluded: [...excluded].toSorted(),
  }
}
const selected = (...selectors: string[]) => choose(selectors).selected
const named = (...selectors: string[]) => choose(selectors).named

describe('selectViews', () => {
  it('selects everything and names nothing without selectors', () => {
    expect(selected()).toEqual([...project.views.keys()].toSorted())
    expect(named()).toEqual([])
  })

  it.each([
    [['first.cities'], ['first.cities']],
    [['first.*'], ['first.cities', 'first.people', 'first.shops']],
    [['*.shops'], ['first.shops', 'second.shops']],
    [
      ['first.cities', 'first.people'],
      ['first.cities', 'first.people'],
    ],
    [['second.a,b'], ['second.a,b']],
    [['second.c++'], ['second.c++']],
    [['*shops,first.*'], ['first.shops']],
  ])('%j chooses and names %j', (selectors, expected) => {
    expect(choose(selectors)).toEqual({ selected: expected, named: expected, excluded: [] })
  })

  it.each([
    ['first/cities — 24h.sql', ['first.cities']],
    ['./second.shops.sql', ['second.shops']],
    ['views/second.shops.sql', ['second.shops']],
    ['/project/views/first/', ['first.cities', 'first.people', 'first.shops']],
    ['first', ['first.cities', 'first.people', 'first.shops']],
    ['first/cities.yaml', ['first.cities']],
    ['views/second/shops.yaml', ['second.shops']],
    // What the shell makes of `views/*`, and what it leaves to duro.
    ['views/second.conf', ['second.a,b', 'second.c++', 'second.shops']],
    ['global.yaml', [...project.views.keys()].toSorted()],
    ['views/second.a,b.sql', ['second.a,b']],
    ['second.c++.sql', ['second.c++']],
    ['views/first/*', ['first.cities', 'first.people', 'first.shops']],
    ['first/c*.sql', ['first.cities']],
    ['..', [...project.views.keys()].toSorted()],
  ])('takes the path %s from the working folder, or from the root', (path, expected) => {
    expect(choose([path])).toEqual({ selected: expected, named: expected, excluded: [] })
  })

  it('selects by tag and by state, and names only what failed', () => {
    expect(choose(['tag:finance'])).toMatchObject({ selected: ['first.people', 'first.shops'], named: [] })
    expect(choose(['state:stale'])).toMatchObject({ selected: ['first.cities', 'first.people'], named: [] })
    expect(choose(['state:changed'])).toMatchObject({ selected: ['first.people'], named: [] })
    expect(choose(['state:failed'])).toMatchObject({ selected: ['second.shops'], named: ['second.shops'] })
  })

  it('finds no fault with a state in which no view is', () => {
    expect(selected('state:missing')).toEqual([])
    expect(selected('state:missing,first.*')).toEqual([])
  })

  it('adds upstream and downstream without naming them', () => {
    expect(choose(['+first.shops'])).toMatchObject({
      selected: ['first.cities', 'first.shops'],
      named: ['first.shops'],
    })
    expect(choose(['first.shops+'])).toMatchObject({
      selected: ['first.people', 'first.shops', 'second.shops'],
      named: ['first.shops'],
    })
    expect(selected('+first.shops+')).toEqual(['first.cities', 'first.people', 'first.shops', 'second.shops'])
    expect(named('+tag:daily')).toEqual([])
  })

  it('leaves what the terms of one argument have in common', () => {
    expect(choose(['+first.people,tag:finance'])).toMatchObject({
      selected: ['first.people', 'first.shops'],
      named: ['first.people'],
    })
    expect(selected('first.*,state:stale', 'second.shops')).toEqual([
      'first.cities',
      'first.people',
      'second.shops',
    ])
  })

  it('takes away what is excluded', () => {
    expect(choose(['first.*'], ['first.shops+'])).toEqual({
      selected: ['first.cities'],
      named: ['first.cities'],
      excluded: ['first.people', 'first.shops', 'second.shops'],
    })
  })

  it.each([
    ['first.citys', 'no view matches first.citys', 'Did you mean first.cities?'],
    ['cities', 'no view matches cities', 'Did you mean first.cities?'],
    ['First.Cities', 'no view matches First.Cities', 'Did you mean first.cities?'],
    ['second', 'no view matches second', "second is a schema. Write 'second.*' for all its views."],
    [
      'views/second.shop.sql',
      'no view matches views/second.shop.sql',
      'Did you mean views/second.shops.sql?',
    ],
    ['third.*', 'no view matches third.*', 'Views are chosen by name'],
    ['', 'an empty argument chooses no view', 'Views are chosen by name'],
    ['+', 'an empty argument chooses no view', 'Views are chosen by name'],
    ['first.cities,', 'an empty argument chooses no view', 'Views are chosen by name'],
    ['views/first/shop.yaml', 'no view matches views/first/shop.yaml', 'Did you mean views/first/shops.sql?'],
    [
      'first.cities first.shops',
      'no view matches first.cities first.shops',
      'Write each as an argument of its own: first.cities first.shops',
    ],
    ['elsewhere/*', 'no view matches elsewhere/*', 'Views are chosen by name'],
    ['/views/first/*', 'no view matches /views/first/*', 'Views are chosen by name'],
    ['second/*', 'no view matches second/*', "Write 'second.*'"],
    [
      'views/first/_shared.py',
      'no view matches views/first/_shared.py',
      'It belongs to no view. Write views/first for all views in that folder.',
    ],
    ['tag:finanse', 'no view has the tag finanse', 'Did you mean finance?'],
    ['tag:x', 'no view has the tag x', 'The tags are daily, finance.'],
    ['state:old', 'there is no state:old', 'The states are changed, failed, missing, stale.'],
    ['first.cities,first.shops', 'no view is in all of first.cities and first.shops', 'A comma leaves'],
  ])('refuses %j', (selector, message, hint) => {
    for (const choice of [() => choose([selector]), () => choose([], [selector])]) {
      const error = errorOf(choice)
      expect(error.code).toBe('usage')
      expect(error.message).toBe(message)
      expect(error.hint).toContain(hint)
    }
  })
})

function errorOf(attempt: () => unknown): DuroError {
  try {
    attempt()
  } catch (error) {
    if (error instanceof DuroError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}
