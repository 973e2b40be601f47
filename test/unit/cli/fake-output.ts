import { Writable } from 'node:stream'
import { createOutput, type Output, type OutputOptions } from '../../../src/cli/output.ts'

export interface FakeOutput {
  output: Output
  stdout: () => string
  stderr: () => string
}

export interface FakeTerminal extends OutputOptions {
  isTTY?: boolean
  columns?: number
  env?: Readonly<Record<string, string>>
}

/** A real output on streams that keep what is written; without a terminal unless one is asked for. */
export function fakeOutput({
  isTTY = false,
  columns = 80,
  env = {},
  ...options
}: FakeTerminal = {}): FakeOutput {
  const stdout = fakeStream({ isTTY, columns })
  const stderr = fakeStream({ isTTY, columns })
  const output = createOutput({ stdout, stderr, env }, options)
  return { output, stdout: stdout.text, stderr: stderr.text }
}

export function fakeStream(terminal: { isTTY: boolean; columns: number }): Writable & {
  text: () => string
  isTTY: boolean
  columns: number
} {
  let text = ''
  const stream = new Writable({
    write(chunk: Buffer, _, done) {
      text += chunk.toString()
      done()
    },
  })
  return Object.assign(stream, terminal, { text: () => text })
}
