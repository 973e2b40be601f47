/** Connections for what is done beside the builds: indexes that no view of the run waits for, statistics, tests. */
export interface Background {
  /** Does it when its turn comes. */
  later<T>(work: () => Promise<T>): Promise<T>
  /** Does it at once; null where no connection is to spare. */
  atOnce<T>(work: () => Promise<T>): Promise<T> | null
  /** A build takes a connection for itself, whether one is to spare or not. */
  building<T>(build: () => Promise<T>): Promise<T>
}

/**
 * Beside `concurrency` builds one connection more, and those of builds that there are not. What has begun goes on when
 * builds begin.
 */
export function createBackground(concurrency: number): Background {
  const waiting: (() => void)[] = []
  let [builds, others] = [0, 0]
  const isFree = (): boolean => builds + others < concurrency + 1
  const admit = (): void => {
    while (waiting.length > 0 && isFree()) {
      others += 1
      waiting.shift()?.()
    }
  }
  // Builds that can begin now go first.
  const admitSoon = (): void => void setImmediate(admit)
  const run = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } finally {
      others -= 1
      admitSoon()
    }
  }

  return {
    async later(work) {
      await new Promise<void>((resolve) => {
        waiting.push(resolve)
        admitSoon()
      })
      return run(work)
    },
    atOnce(work) {
      if (waiting.length > 0 || !isFree()) return null
      others += 1
      return run(work)
    },
    async building(build) {
      builds += 1
      try {
        return await build()
      } finally {
        builds -= 1
        admitSoon()
      }
    },
  }
}
