import { EventEmitter } from 'node:events'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { InterruptedError, usingInterruptSignal } from '../../../src/cli/signals.ts'

class FakeProcess extends EventEmitter {
  readonly exits: number[] = []
  exit(code: number): void {
    this.exits.push(code)
  }
}

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }))
afterEach(() => void vi.useRealTimers())

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s aborts with the reason', async (name) => {
  const proc = new FakeProcess()
  await usingInterruptSignal(async (signal) => {
    proc.emit(name, name)
    expect(signal.aborted).toBe(true)
    expect(signal.reason).toBeInstanceOf(InterruptedError)
    expect(signal.reason).toMatchObject({
      code: 'interrupted',
      signal: name,
      message: `interrupted by ${name}`,
    })
  }, proc)
  expect(proc.exits).toEqual([])
})

test('a second SIGINT ends the process at once', async () => {
  const proc = new FakeProcess()
  await usingInterruptSignal(async () => {
    proc.emit('SIGTERM', 'SIGTERM')
    vi.advanceTimersByTime(1000)
    proc.emit('SIGTERM', 'SIGTERM')
    expect(proc.exits).toEqual([])
    proc.emit('SIGINT', 'SIGINT')
  }, proc)
  expect(proc.exits).toEqual([130])
})

test('one press that arrives twice is one', async () => {
  const proc = new FakeProcess()
  await usingInterruptSignal(async () => {
    proc.emit('SIGINT', 'SIGINT')
    vi.advanceTimersByTime(20)
    proc.emit('SIGINT', 'SIGINT')
  }, proc)
  expect(proc.exits).toEqual([])
})

test('returns what the callback returns and listens no longer', async () => {
  const proc = new FakeProcess()
  await expect(usingInterruptSignal(async () => 42, proc)).resolves.toBe(42)
  expect(proc.listenerCount('SIGINT') + proc.listenerCount('SIGTERM')).toBe(0)
})

test('listens no longer after a failure', async () => {
  const proc = new FakeProcess()
  const failing = usingInterruptSignal(async () => {
    throw new Error('x')
  }, proc)
  await expect(failing).rejects.toThrow('x')
  expect(proc.listenerCount('SIGINT') + proc.listenerCount('SIGTERM')).toBe(0)
})
