import { afterAll, afterEach, beforeAll } from 'vitest'

import { useDatabase } from '../database.ts'
import { startStandIn, type StandIn, type StandInOptions } from './start-stand-in.ts'

export interface UsedStandIn extends Omit<StandIn, 'close'> {
  /** The PostgreSQL behind it. */
  readonly upstream: string
}

/** A stand-in with an empty database, for all tests of a file or a `describe`; a hook ends with its test. */
export function useStandIn(options: () => Partial<StandInOptions> = () => ({})): UsedStandIn {
  const database = useDatabase()
  let running: StandIn | null = null
  beforeAll(async () => {
    running = await startStandIn({ upstream: database.url, ...options() })
  })
  afterEach(() => {
    running?.onStatement(null)
  })
  afterAll(async () => {
    await running?.close()
  })
  const started = (): StandIn => {
    if (running === null) throw new Error('the stand-in runs only while tests run')
    return running
  }
  return {
    url: (name) => started().url(name),
    get statements() {
      return started().statements
    },
    onStatement: (hook) => started().onStatement(hook),
    get upstream() {
      return database.url
    },
  }
}
