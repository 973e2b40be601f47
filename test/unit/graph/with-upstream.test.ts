import { expect, it } from 'vitest'
import { buildGraph } from '../../../src/graph/build-graph.ts'
import { withUpstream } from '../../../src/graph/with-upstream.ts'
import { makeProject } from './make-project.ts'

it('takes along all that the selected views read, near or far, but for what is excluded', () => {
  const graph = buildGraph(
    makeProject({
      'a.far': {},
      'a.near': { reads: ['a.far', 'a.excluded'] },
      'a.excluded': {},
      'a.chosen': { reads: ['a.near'] },
      'a.reader': { reads: ['a.chosen'] },
      'a.other': {},
    }),
  )
  const named = new Set(['a.chosen'])
  const selection = { selected: named, named, excluded: new Set(['a.excluded']) }
  expect(withUpstream(selection, graph)).toEqual({
    ...selection,
    selected: new Set(['a.chosen', 'a.near', 'a.far']),
  })
})
