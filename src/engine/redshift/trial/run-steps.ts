import type { Session } from '../connection/session.ts'

/** Something that is tried on the way, and that the server may refuse. */
export interface Step {
  /** It was refused, or cannot be tried without what was. */
  isOut: () => boolean
  run: () => Promise<void>
  /** Throws what has nothing to do with the step. */
  refuse: (error: unknown) => void
}

/**
 * Runs steps in a transaction that is rolled back. Redshift has no savepoints: where a step is refused, all begins anew
 * without it.
 * @param look called with the transaction still open, when all is done that can be
 */
export async function runSteps<T>(
  session: Session,
  steps: readonly Step[],
  look: () => Promise<T>,
): Promise<T> {
  for (;;) {
    await session.query('begin')
    try {
      if (await runAll(steps)) return await look()
    } finally {
      await session.query('rollback').catch(() => undefined)
    }
  }
}

async function runAll(steps: readonly Step[]): Promise<boolean> {
  for (const step of steps) {
    if (step.isOut()) continue
    try {
      await step.run()
    } catch (error) {
      step.refuse(error)
      return false
    }
  }
  return true
}
