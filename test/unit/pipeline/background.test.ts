import { setTimeout as sleep } from 'node:timers/promises'
import { EventEmitter, once } from 'node:events'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { createBackground } from '../../../src/pipeline/background.ts'

it('does all of its work, with one connection more than there may be builds', async () => {
  const kinds = fc.constantFrom('later', 'soon', 'build')
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 4 }),
      fc.array(kinds, { maxLength: 40 }),
      async (most, work) => {
        const background = createBackground(most)
        const busy = { builds: 0, others: 0 }
        const done: string[] = []
        const as = (what: keyof typeof busy) => async (): Promise<void> => {
          busy[what] += 1
          expect(busy.others).toBeLessThanOrEqual(most + 1)
          await sleep(Math.random() * 2)
          busy[what] -= 1
          done.push(what)
        }
        const waiting: Promise<void>[] = []
        let refused = 0
        for (const kind of work) {
          if (kind === 'later') waiting.push(background.later(as('others')))
          else if (kind === 'soon') waiting.push(background.soon(as('others')))
          else if (busy.builds < most) waiting.push(background.building(as('builds')))
          else refused += 1
          if (Math.random() < 0.2) await sleep(1)
        }
        await Promise.all(waiting)
        expect(done.length + refused).toBe(work.length)
      },
    ),
    { numRuns: 50 },
  )
})

it('lets a build that can begin go first, and what is to be done soon before what is to be done later', async () => {
  const background = createBackground(1)
  const begun: string[] = []
  const later = background.later(async () => void begun.push('later'))
  const soon = background.soon(async () => void begun.push('soon'))
  const build = background.building(async () => void begun.push('build'))
  await Promise.all([later, soon, build])
  expect(begun).toEqual(['build', 'soon', 'later'])
})

it('begins nothing while as much is done as may be', async () => {
  const background = createBackground(1)
  const gate = new EventEmitter()
  const held = once(gate, 'open')
  const first = background.soon(() => held)
  const build = background.building(() => held)
  let hasBegun = false
  const second = background.soon(async () => void (hasBegun = true))
  await sleep(5)
  expect(hasBegun).toBe(false)
  gate.emit('open')
  await Promise.all([first, build, second])
  expect(hasBegun).toBe(true)
})
