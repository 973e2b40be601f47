import type { Writable } from 'node:stream'
import { chooseColor, type ColorWishes } from './choose-color.ts'
import { createColors, type Colors } from './colors.ts'
import { redact } from './redact.ts'
import { toJsonValue } from './report/json-value.ts'

/** The only way to a person's eyes: nothing else writes to stdout or stderr, and secrets are masked here. */
export interface Output {
  /** Results, as whole lines: a missing last line break is added. */
  stdout(text: string): void
  /** Progress and errors, as whole lines: a missing last line break is added. */
  stderr(text: string): void
  /** One result as one line of JSON on stdout. */
  json(value: unknown): void
  /** Masks this text wherever it would be written from now on. */
  conceal(secret: string): void
  /** For the few texts that leave by another way, as the step summary does. */
  redact(text: string): string
  /** Colours for stdout; each stream has its own, as one of them may be a file. */
  readonly colors: Colors
  /** Colours for stderr. */
  readonly errorColors: Colors
  /** Whether stderr, where progress goes, is a terminal that can redraw a line. */
  readonly isTerminal: boolean
  /** The present width of that terminal, 80 where nobody knows. */
  readonly columns: number
  /** Stderr itself, for the spinner, which draws on its own. */
  readonly progressStream: NodeJS.WritableStream
  /** Why a stream takes no more, other than that its reader has left. */
  readonly broken: Error | null
}

/** The part of `process` that is needed here. */
export interface OutputProcess {
  readonly stdout: OutputStream
  readonly stderr: OutputStream
  readonly env: Readonly<Record<string, string | undefined>>
}

export interface OutputStream extends Writable {
  readonly isTTY?: boolean
  readonly columns?: number
}

export interface OutputOptions extends ColorWishes {
  secrets?: readonly string[] | undefined
}

export function createOutput(proc: OutputProcess, options: OutputOptions = {}): Output {
  const secrets = new Set(options.secrets)
  const hide = (text: string): string => redact(text, secrets)
  const stdout = usableStream(proc.stdout)
  const stderr = usableStream(proc.stderr)

  return {
    stdout: (text) => stdout.write(hide(text)),
    stderr: (text) => stderr.write(hide(text)),
    // Masked value by value: a mask over the finished line could hit its syntax.
    json: (value) => stdout.write(JSON.stringify(toJsonValue(value, hide))),
    conceal: (secret) => void secrets.add(secret),
    redact: hide,
    colors: createColors(chooseColor(proc.stdout.isTTY === true, proc.env, options)),
    errorColors: createColors(chooseColor(proc.stderr.isTTY === true, proc.env, options)),
    isTerminal: proc.stderr.isTTY === true && proc.env['TERM'] !== 'dumb',
    get columns() {
      // Some pseudo-terminals say 0.
      return proc.stderr.columns === undefined || proc.stderr.columns <= 0 ? 80 : proc.stderr.columns
    },
    progressStream: proc.stderr,
    get broken() {
      return stdout.broken() ?? stderr.broken()
    },
  }
}

interface UsableStream {
  write(text: string): void
  broken(): Error | null
}

/**
 * A stream that never throws. When its reader has left (`duro plan | head -1`) the rest is not written,
 * and a run in progress goes on to its end.
 */
function usableStream(stream: OutputStream): UsableStream {
  let failure: NodeJS.ErrnoException | null = null
  stream.on('error', (error: NodeJS.ErrnoException) => {
    failure ??= error
  })
  return {
    write(text) {
      if (failure !== null) return
      // Looked up at each call: ora exchanges `write` while it spins, to keep its line below the others.
      stream.write(text.endsWith('\n') ? text : `${text}\n`)
    },
    broken: () => (failure === null || failure.code === 'EPIPE' ? null : failure),
  }
}

/** Waits until everything is written, or cannot be: only then `broken` is the last word. */
export async function outputSettled({ stdout, stderr }: OutputProcess): Promise<void> {
  await Promise.all([settled(stdout), settled(stderr)])
}

/** A stream calls back for a chunk when all before it are written, and with an error when they cannot be. */
function settled(stream: Writable): Promise<void> {
  return new Promise((resolve) => void stream.write('', () => resolve()))
}
