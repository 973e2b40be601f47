import { DuroError } from '../errors.ts'

export type InterruptSignal = (typeof interruptSignals)[number]

/** Ctrl-C, a supervisor, and a terminal that was closed. */
const interruptSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** A person or a supervisor asked duro to stop. */
export class InterruptedError extends DuroError {
  readonly signal: InterruptSignal

  constructor(signal: InterruptSignal) {
    super('interrupted', `interrupted by ${signal}`)
    this.signal = signal
  }
}

/** The part of `process` that is needed here. */
export interface SignalProcess {
  on(signal: InterruptSignal, listener: (signal: InterruptSignal) => void): unknown
  off(signal: InterruptSignal, listener: (signal: InterruptSignal) => void): unknown
  exit(code: number): void
}

/** `npm run` passes on a Ctrl-C that the terminal has sent to everybody already: one press arrives twice. */
const samePress = 300

/**
 * Runs the callback with a signal that SIGINT, SIGTERM and SIGHUP abort, so that it can clean up after itself;
 * the reason is an `InterruptedError`. A SIGINT after that ends the process at once.
 */
export async function usingInterruptSignal<T>(
  callback: (signal: AbortSignal) => Promise<T>,
  proc: SignalProcess = process,
): Promise<T> {
  const controller = new AbortController()
  let interruptedAt = 0

  const interrupt = (signal: InterruptSignal): void => {
    if (!controller.signal.aborted) {
      interruptedAt = performance.now()
      controller.abort(new InterruptedError(signal))
      return
    }
    if (signal === 'SIGINT' && performance.now() - interruptedAt > samePress) proc.exit(130)
  }

  for (const name of interruptSignals) proc.on(name, interrupt)
  try {
    return await callback(controller.signal)
  } finally {
    for (const name of interruptSignals) proc.off(name, interrupt)
  }
}
