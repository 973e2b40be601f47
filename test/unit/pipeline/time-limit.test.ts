import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { DuroError } from '../../../src/errors.ts'
import { withinTime } from '../../../src/pipeline/time-limit.ts'

const never = new AbortController().signal
const expired = new DuroError('build', 'too slow')

/** Heeds the signal as builds do. */
const work = (milliseconds: number) => async (signal: AbortSignal) => {
  await sleep(milliseconds, undefined, { signal }).catch(() => signal.throwIfAborted())
  return 'done'
}

it('lets work be that ends in time', async () => {
  expect(await withinTime({ milliseconds: 5000, expired }, never, work(1))).toBe('done')
  expect(await withinTime(null, never, work(1))).toBe('done')
})

it('ends what takes longer, with the reason', async () => {
  await expect(withinTime({ milliseconds: 10, expired }, never, work(5000))).rejects.toBe(expired)
})

it('passes on an interruption as what it is', async () => {
  const interrupted = new DuroError('interrupted', 'Ctrl-C')
  const limit = { milliseconds: 5000, expired }
  await expect(withinTime(limit, AbortSignal.abort(interrupted), work(5000))).rejects.toBe(interrupted)
})

it('does not take a limit of months for one of a millisecond', async () => {
  expect(await withinTime({ milliseconds: 2 ** 33, expired }, never, work(20))).toBe('done')
})
