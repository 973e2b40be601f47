import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { hostname } from 'node:os'

import { expect, onTestFinished, test } from 'vitest'

import { isAbandoned } from '../../../src/import/owner.ts'

const hour = 60 * 60 * 1000

function start(file: string, ...args: string[]): ChildProcess {
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

const markOf = (pid: number | string | undefined): string => `${pid}@${hostname()}`

test('what belongs to a process that lives is not abandoned', () => {
  const { pid } = start('sleep', '60')
  expect(isAbandoned(markOf(pid), 100)).toBe(false)
})

test('what belonged to a process that has ended is', async () => {
  const child = start('true')
  await once(child, 'exit')
  expect(isAbandoned(markOf(child.pid), 100)).toBe(true)
})

test('of another host nobody knows, until it is old', () => {
  expect(isAbandoned('1@elsewhere', 24 * hour)).toBe(false)
  expect(isAbandoned('1@elsewhere', 8 * 24 * hour)).toBe(true)
})

// Only Linux tells.
test.runIf(process.platform === 'linux')(
  'a process that was killed and that nobody waits for is gone',
  async () => {
    const child = start('sh', '-c', 'sleep 0 & echo $!; exec sleep 60')
    const [pid] = await once(child.stdout ?? child, 'data')
    const mark = markOf(String(pid).trim())
    await expect.poll(() => isAbandoned(mark, 100)).toBe(true)
  },
)

test.runIf(process.platform === 'linux')('a process that is younger than the mark is another one', () => {
  const { pid } = start('sleep', '60')
  expect(isAbandoned(markOf(pid), hour)).toBe(true)
  expect(isAbandoned(markOf(process.ppid), 1000)).toBe(false)
})
