import { errorsIn } from '../errors-in.ts'

/** Remembers what was printed, so that the error that ends a run does not tell it all again. */
export interface ErrorLog {
  add(error: unknown): void
  has(error: unknown): boolean
}

export function createErrorLog(): ErrorLog {
  const printed = new Set<unknown>()
  return {
    add(error) {
      for (const inner of errorsIn(error)) if (inner instanceof Error) printed.add(inner)
    },
    has: (error) => printed.has(error),
  }
}
