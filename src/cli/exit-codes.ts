import { DuroError, type ErrorCode } from '../errors.ts'
import type { RunOutcome } from '../events.ts'
import { errorsIn } from './errors-in.ts'
import { InterruptedError, type InterruptSignal } from './signals.ts'

/** What the shell is told; documented in the README and stable. */
export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  unreachable: 3,
  locked: 4,
  work: 10,
} as const

const byCode: Readonly<Record<Exclude<ErrorCode, 'interrupted'>, number>> = {
  usage: exitCodes.usage,
  project: exitCodes.usage,
  sql: exitCodes.usage,
  graph: exitCodes.usage,
  preflight: exitCodes.failed,
  connection: exitCodes.unreachable,
  locked: exitCodes.locked,
  build: exitCodes.failed,
  test: exitCodes.failed,
  swap: exitCodes.failed,
  validation: exitCodes.failed,
  timeout: exitCodes.failed,
  internal: exitCodes.failed,
}

/** 128 plus the signal's number, as shells count. */
const bySignal: Readonly<Record<InterruptSignal, number>> = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 }

/** An interruption anywhere in the error decides; else the outermost error that duro knows. */
export function exitCodeOf(error: unknown): number {
  const all = [...errorsIn(error)]
  const interruption = all.find((inner) => inner instanceof InterruptedError)
  if (interruption !== undefined) return bySignal[interruption.signal]
  const known = all.find((inner) => inner instanceof DuroError)
  if (known === undefined) return exitCodes.failed
  return known.code === 'interrupted' ? bySignal.SIGINT : byCode[known.code]
}

export function exitCodeOfOutcome(outcome: RunOutcome): number {
  if (outcome === 'interrupted') return bySignal.SIGINT
  return outcome === 'failed' ? exitCodes.failed : exitCodes.done
}
