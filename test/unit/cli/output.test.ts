import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { createOutput } from '../../../src/cli/output.ts'
import { fakeOutput, fakeStream } from './fake-output.ts'

test('adds a missing line break and keeps an existing one', () => {
  const { output, stdout, stderr } = fakeOutput()
  output.stdout('one')
  output.stdout('two\n')
  output.stderr('three')
  expect(stdout()).toBe('one\ntwo\n')
  expect(stderr()).toBe('three\n')
})

test('masks secrets on both streams, also those that it learns of later', () => {
  const { output, stdout, stderr } = fakeOutput({ secrets: ['first-secret'] })
  output.conceal('other-secret')
  output.stdout('first-secret')
  output.stderr('other-secret at postgres://u:pw@h')
  expect(stdout()).toBe('***\n')
  expect(stderr()).toBe('*** at postgres://u:***@h\n')
})

test('masks values in JSON and never its syntax', () => {
  const { output, stdout } = fakeOutput({ secrets: ['typ3', '":"a'] })
  output.json({ type: 'typ3', text: 'password="x y" typ3', count: 3n })
  expect(stdout()).toBe('{"type":"***","text":"password=*** ***","count":"3"}\n')
})

test('colours each stream for itself', () => {
  const stdout = fakeStream({ isTTY: false, columns: 80 })
  const stderr = fakeStream({ isTTY: true, columns: 80 })
  const output = createOutput({ stdout, stderr, env: {} })
  expect(output.colors.red('x')).toBe('x')
  expect(output.errorColors.red('x')).toBe('\u001b[31mx\u001b[39m')
})

test('is no terminal where a line cannot be redrawn', () => {
  expect(fakeOutput({ isTTY: true }).output.isTerminal).toBe(true)
  expect(fakeOutput({ isTTY: true, env: { TERM: 'dumb' } }).output.isTerminal).toBe(false)
  expect(fakeOutput().output.isTerminal).toBe(false)
})

test('takes 80 columns for a terminal that says 0', () => {
  expect(fakeOutput({ isTTY: true, columns: 0 }).output.columns).toBe(80)
})

function failingStream(code: string): Writable {
  return new Writable({
    write: (_chunk, _encoding, done) => done(Object.assign(new Error(code), { code })),
  })
}

test('goes on in silence when the reader of a pipe has left', async () => {
  const output = createOutput({ stdout: failingStream('EPIPE'), stderr: failingStream('EPIPE'), env: {} })
  output.stdout('one')
  await new Promise(setImmediate)
  output.stdout('two')
  expect(output.broken).toBeNull()
})

test('remembers why a stream broke', async () => {
  const output = createOutput({ stdout: failingStream('ENOSPC'), stderr: failingStream('EPIPE'), env: {} })
  output.stdout('one')
  await new Promise(setImmediate)
  expect(output.broken).toMatchObject({ code: 'ENOSPC' })
})
