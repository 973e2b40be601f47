import { expect, it } from 'vitest'
import { didYouMean, nearest } from '../../../src/graph/nearest.ts'

it('finds misspelt names, the nearest first', () => {
  expect(nearest('first.shop', ['first.shops', 'first.shot', 'first.cities'])).toEqual([
    'first.shops',
    'first.shot',
  ])
})

it('finds names without their schema, whatever their case', () => {
  expect(nearest('Citys', ['first.cities', 'first.people'])).toEqual(['first.cities'])
})

it('finds nothing for what is too far', () => {
  expect(nearest('ab', ['xy', 'abcd'])).toEqual([])
  expect(didYouMean('ab', ['xyz'])).toBeUndefined()
})

it('asks', () => {
  expect(didYouMean('intervall', ['interval', 'indexes'])).toBe('Did you mean interval?')
})
