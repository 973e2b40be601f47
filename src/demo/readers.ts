import { setTimeout as sleep } from 'node:timers/promises'
import { usingClient } from './using-client.ts'

/** What readers met while views were exchanged under them. */
export interface Tally {
  reads: number
  /** What the server said to reads that failed. */
  errors: string[]
  /** Reads that found a view without rows. */
  empty: number
  /** Reads that found one view from before a swap and another from after it. */
  mixed: number
}

export interface Readers {
  /** Ends the readers when they are through with what they read. */
  stop(): Promise<Tally>
}

/** A pause between reads, in milliseconds: the views need the processor too. */
const pause = 200

interface Counts {
  donations: string
  among_all: string
  leaders: string
}

/** Every donation of a chain is in both views, and both are always rebuilt together. */
const count = `
  select
    (select count(*) from grants.donations) as donations,
    (select count(*) from grants.all_donations where source = 'indexer') as among_all,
    (select count(*) from leaderboard.allo_gmv_leaderboard_events where is_first and address_place <= 10) as leaders`

/** Readers on connections of their own, who read three views again and again. */
export function startReaders(url: string, howMany: number): Readers {
  const tally: Tally = { reads: 0, errors: [], empty: 0, mixed: 0 }
  const ending = new AbortController()
  const all = Promise.all(Array.from({ length: howMany }, () => readUntil(ending.signal, url, tally)))
  return {
    stop: async () => {
      ending.abort()
      await all
      return tally
    },
  }
}

async function readUntil(ending: AbortSignal, url: string, tally: Tally): Promise<void> {
  try {
    await usingClient(url, async (client) => {
      while (!ending.aborted) {
        await readOnce(async () => (await client.query<Counts>(count)).rows[0], tally)
        await sleep(pause)
      }
    })
  } catch (error) {
    tally.errors.push(messageOf(error))
  }
}

async function readOnce(read: () => Promise<Counts | undefined>, tally: Tally): Promise<void> {
  tally.reads++
  try {
    const counts = await read()
    if (counts === undefined || Object.values(counts).includes('0')) tally.empty++
    else if (counts.donations !== counts.among_all) tally.mixed++
  } catch (error) {
    tally.errors.push(messageOf(error))
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
