import { DuroError } from '../errors.ts'
import { dropNew } from './drop-relations.ts'
import type { Run } from './run.ts'

/** @throws what the callback throws, after which nothing that was built is left */
export async function discardingAfterFailure<T>(run: Run, callback: () => Promise<T>): Promise<T> {
  try {
    return await callback()
  } catch (error) {
    await discard(run, error)
    throw error
  }
}

/** Drops what a run built. The reason why it failed is told, also when the clearing away fails too. */
export async function discard(run: Run, reason: unknown): Promise<void> {
  try {
    await dropNew(run)
  } catch (error) {
    if (reason instanceof DuroError && reason.code === 'connection') return
    run.emit({
      type: 'warning',
      message: `what was built could not be removed; the next run or duro cleanup does it: ${error instanceof Error ? error.message : String(error)}`,
    })
  }
}
