import { startDuneStandIn, type DuneStandIn } from './dune-stand-in.ts'
import { brokenEvents, eventsQuery, importedEvents } from './imported-events.ts'

/** The stand-in from which `fixtures/grants` imports its events. */
export interface Events {
  /** What duro has to find in its environment. */
  env: Readonly<Record<'DUNE_API_KEY' | 'DUNE_API_URL', string>>
  /** From now on some events have no address; or none again. */
  breakThem(): void
  repairThem(): void
  stop: DuneStandIn['stop']
}

/** @param scale as `setUpGrants` takes it */
export async function startEvents(scale: number, port?: number): Promise<Events> {
  const queries = new Map([[eventsQuery, importedEvents(scale)]])
  const { url, key, stop } = await startDuneStandIn({ queries }, port)
  return {
    env: { DUNE_API_KEY: key, DUNE_API_URL: url },
    breakThem: () => void queries.set(eventsQuery, brokenEvents(scale)),
    repairThem: () => void queries.set(eventsQuery, importedEvents(scale)),
    stop,
  }
}
