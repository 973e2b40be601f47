import { expect, it } from 'vitest'
import { timeoutOf } from '../../../src/plan/timeout.ts'
import { makeProject, MINUTE } from '../graph/make-project.ts'

const timeout = (own: number | null, usual: number | null) => {
  const view = makeProject({ 'a.a': { timeout: own } }).views.get('a.a')
  return view === undefined ? undefined : timeoutOf(view, usual)
}

it('is five times the usual duration, and at least ten minutes', () => {
  expect(timeout(null, 3 * MINUTE)).toEqual({ milliseconds: 15 * MINUTE, isSet: false })
  expect(timeout(null, 20)).toEqual({ milliseconds: 10 * MINUTE, isSet: false })
})

it('is what the settings say, however long it usually takes', () => {
  expect(timeout(MINUTE, 3 * MINUTE)).toEqual({ milliseconds: MINUTE, isSet: true })
})

it('is two hours for a view that was never built: nothing may hold the run lock for ever', () => {
  expect(timeout(null, null)).toEqual({ milliseconds: 120 * MINUTE, isSet: false })
})
