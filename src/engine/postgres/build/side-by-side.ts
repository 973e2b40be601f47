import { interruptible } from '../connection/interruptible.ts'
import type { Session } from '../connection/session.ts'
import type { Work } from './work.ts'

/** Part of the work, on a session of it. */
export type Job = (on: Session) => Promise<void>

/**
 * Does all jobs, on the session of the work and on as many others as are to spare meanwhile. The first that fails ends
 * them all.
 * @throws what it threw
 */
export async function sideBySide({ session, signal, context }: Work, jobs: readonly Job[]): Promise<void> {
  const waiting = [...jobs]
  const failing = new AbortController()
  const doThem = (on: Session): Promise<void> =>
    interruptible(on, context.control, AbortSignal.any([signal, failing.signal]), async () => {
      for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) await job(on)
    }).catch((error: unknown) => {
      waiting.length = 0
      failing.abort(error)
    })
  const helpers: Promise<void>[] = []
  const help = async (): Promise<void> => {
    // Perhaps all is done or taken by now.
    if (waiting.length === 0) return
    // Where no session can be opened, the work goes on without help.
    const helper = context.workers.using(doThem).catch(() => undefined)
    helpers.push(helper)
    await helper
  }
  for (let more = 1; more < jobs.length; more++) context.helping(help)
  await doThem(session)
  await Promise.all(helpers)
  failing.signal.throwIfAborted()
}
