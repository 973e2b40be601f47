import type { TotalsComparison } from '../../events.ts'

/** Comparisons held back until the run ends, where they are read; a later one of the same total replaces the earlier. */
export interface TotalsLog {
  add(comparisons: readonly TotalsComparison[]): void
  /** All of them, once. */
  take(): TotalsComparison[]
}

export function createTotalsLog(): TotalsLog {
  const log = new Map<string, TotalsComparison>()
  return {
    add(comparisons) {
      for (const comparison of comparisons)
        log.set(JSON.stringify([comparison.view, comparison.total]), comparison)
    },
    take() {
      const all = [...log.values()]
      log.clear()
      return all
    },
  }
}
