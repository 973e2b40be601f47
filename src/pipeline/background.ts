import { setImmediate } from 'node:timers/promises'
import pLimit from 'p-limit'

/** Connections for what is done beside the builds: indexes that no view of the run waits for, statistics, tests. */
export interface Background {
  /** Does it when its turn comes. */
  later<T>(work: () => Promise<T>): Promise<T>
  /** Does it at once; null where no connection is to spare. */
  atOnce<T>(work: () => Promise<T>): Promise<T> | null
  /** A build takes a connection for itself, whether one is to spare or not. */
  building<T>(build: () => Promise<T>): Promise<T>
}

/** Beside `concurrency` builds one connection more, and those of builds that there are not. */
export function createBackground(concurrency: number): Background {
  const limit = pLimit(concurrency + 1)
  return {
    async later(work) {
      // Builds that can begin now go first.
      await setImmediate()
      return limit(work)
    },
    atOnce: (work) => (limit.activeCount + limit.pendingCount < limit.concurrency ? limit(work) : null),
    async building(build) {
      limit.concurrency -= 1
      try {
        return await build()
      } finally {
        limit.concurrency += 1
      }
    },
  }
}
