import { expect, test, vi } from 'vitest'
import { createOutput } from '../../../../src/cli/output.ts'
import { createSpinner, type Spinner } from '../../../../src/cli/report/spinner.ts'
import { fakeStream } from '../fake-output.ts'

function createTerminal(): { spinner: Spinner; written: () => string } {
  const stdout = fakeStream({ isTTY: false, columns: 80 })
  const stderr = fakeStream({ isTTY: true, columns: 80 })
  const cursor = { cursorTo: () => true, moveCursor: () => true, clearLine: () => true }
  const output = createOutput(
    { stdout, stderr: Object.assign(stderr, cursor), env: {} },
    { secrets: ['hunter2!'] },
  )
  return { spinner: createSpinner(output), written: stderr.text }
}

test('shows its text, with secrets masked, until it is stopped', async () => {
  const { spinner, written } = createTerminal()
  let text = 'build hunter2!'
  spinner.start(() => text)
  await vi.waitFor(() => expect(written()).toContain('build ***'))
  text = 'swap'
  spinner.update()
  await vi.waitFor(() => expect(written()).toContain('swap'))
  spinner.stop()
  // The cursor is back, and nothing moves any more.
  expect(written().endsWith('\u001b[?25h')).toBe(true)
  const after = written()
  await new Promise((resolve) => void setTimeout(resolve, 250))
  expect(written()).toBe(after)
})

test('never appears when it is stopped before ora is loaded', async () => {
  const { spinner, written } = createTerminal()
  spinner.start(() => 'build')
  spinner.stop()
  await import('ora')
  await new Promise(setImmediate)
  expect(written()).toBe('')
})
