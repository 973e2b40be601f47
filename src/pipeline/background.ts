/** Connections for what is done beside the builds: indexes that no view of the run waits for, statistics, tests. */
export interface Background {
  /** Does it when its turn comes, which is before everything that is to be done later. */
  soon<T>(work: () => Promise<T>): Promise<T>
  /** Does it when its turn comes. */
  later<T>(work: () => Promise<T>): Promise<T>
  /** A build takes a connection for itself, whether one is to spare or not. */
  building<T>(build: () => Promise<T>): Promise<T>
}

/**
 * Beside `concurrency` builds one connection more, and those of builds that there are not. What has begun goes on when
 * builds begin.
 */
export function createBackground(concurrency: number): Background {
  const waiting: Record<'soon' | 'later', (() => void)[]> = { soon: [], later: [] }
  let [builds, others] = [0, 0]
  const isFree = (): boolean => builds + others < concurrency + 1
  const admit = (): void => {
    for (;;) {
      const next = isFree() ? (waiting.soon.shift() ?? waiting.later.shift()) : undefined
      if (next === undefined) return
      others += 1
      next()
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

  const inTurn =
    (queue: (() => void)[]) =>
    async <T>(work: () => Promise<T>): Promise<T> => {
      await new Promise<void>((resolve) => {
        queue.push(resolve)
        admitSoon()
      })
      return run(work)
    }

  return {
    soon: inTurn(waiting.soon),
    later: inTurn(waiting.later),
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
