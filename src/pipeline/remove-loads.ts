import type { AbandonedLoads } from '../engine/engine.ts'
import { toError, DuroError } from '../errors.ts'
import type { Run } from './run.ts'

/** Removes what killed runs have left where rows wait to be loaded. What stays is in nobody's way, and costs a little. */
export async function removeLoads(
  { engine, emit }: Pick<Run, 'engine' | 'emit'>,
  which: AbandonedLoads,
): Promise<void> {
  if (which !== 'old' && which.runIds.length === 0) return
  try {
    await engine.removeAbandonedLoads(which)
  } catch (error) {
    const hint = error instanceof DuroError ? error.hint : undefined
    const { message } = toError(error)
    emit({ type: 'warning', message: hint === undefined ? message : `${message}. ${hint}` })
  }
}
