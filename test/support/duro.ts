import { Writable } from 'node:stream'

import { CommanderError } from 'commander'

import { exitCodeOf } from '../../src/cli/exit-codes.ts'
import { createOutput, type OutputStream } from '../../src/cli/output.ts'
import { createProgram } from '../../src/cli/program.ts'
import type { RunEvent, TestFailure } from '../../src/events.ts'

export interface DuroOptions {
  /** Told of every event as it happens. */
  onEvent?: (event: RunEvent) => void
  signal?: AbortSignal
  /** What duro takes for the present. */
  clock?: () => Date
  /** What duro finds in its environment; default: nothing. */
  env?: NodeJS.ProcessEnv
}

/** What a command did, as data. */
export interface Ran {
  code: number
  /** Null when it ended well. */
  error: Error | null
  events: readonly RunEvent[]
  stdout: string
}

/**
 * Runs a command of `duro` within the process of the tests: the same flags and the same code as from a shell, without
 * starting a program for it, and with its events as data.
 * @param args such as `['refresh', '--force']`
 */
export async function duro(
  project: { root: string },
  url: string,
  args: readonly string[],
  { onEvent, signal = new AbortController().signal, clock = () => new Date(), env = {} }: DuroOptions = {},
): Promise<Ran> {
  const events: RunEvent[] = []
  const written: string[] = []
  const output = createOutput({ stdout: collector(written), stderr: collector([]), env: {} })
  const ended: { code: number; error: Error | null } = { code: -1, error: null }
  const emit = (event: RunEvent): void => {
    events.push(event)
    onEvent?.(event)
  }
  const program = createProgram(output, async (action) => {
    const reporter = { emit, error: () => undefined, close: () => undefined }
    const options = { ...program.opts(), project: project.root, database: url }
    try {
      ended.code = await action({ options, output, reporter, env, cwd: project.root, signal, clock })
    } catch (error) {
      ended.code = exitCodeOf(error)
      ended.error = error instanceof Error ? error : new Error(String(error))
    }
  })
  try {
    await program.parseAsync(args, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    throw new Error(`the test called duro wrongly: ${error.message}`, { cause: error })
  }
  return { ...ended, events, stdout: written.join('') }
}

/** `duro refresh`, which has to end well. */
export async function refresh(
  project: { root: string },
  url: string,
  args: readonly string[] = [],
  options: DuroOptions = {},
): Promise<Ran> {
  const ran = await duro(project, url, ['refresh', ...args], options)
  if (ran.error !== null)
    throw new Error(`${ran.error.message} ${describeFailures(ran)}`, { cause: ran.error })
  return ran
}

/** The data tests that failed, by view. */
export function testFailures({ events }: Ran): { view: string; failure: TestFailure }[] {
  return events.flatMap((event) =>
    event.type === 'test-failed' ? [{ view: event.view, failure: event.failure }] : [],
  )
}

export function warnings({ events }: Ran): string[] {
  return events.flatMap((event) => (event.type === 'warning' ? [event.message] : []))
}

const describeFailures = (ran: Ran): string =>
  testFailures(ran)
    .map(({ view, failure }) => `${view}: ${failure.test} ${failure.message}`)
    .join('; ')

function collector(written: string[]): OutputStream {
  return new Writable({
    write(chunk, _encoding, done) {
      written.push(String(chunk))
      done()
    },
  })
}
