import type { RunEvent } from '../../events.ts'

/** Keeps a log short while a swap is tried again every second and the same readers are in its way. */
export interface Repeats {
  /** Whether the event says what the last one of its kind has said. */
  isRepeated(event: RunEvent): boolean
}

export function createRepeats(): Repeats {
  let lastBlockers: string | null = null
  return {
    isRepeated(event) {
      if (event.type !== 'swap-attempt') return false
      const blockers = event.outcome === 'blocked' ? event.blockers.join('\n') : null
      const repeated = blockers !== null && blockers === lastBlockers
      lastBlockers = blockers
      return repeated
    },
  }
}
