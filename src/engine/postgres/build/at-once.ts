import { interruptible } from '../connection/interruptible.ts'
import type { Session } from '../connection/session.ts'
import type { Work } from './work.ts'

/** Part of the work, on a session of it. */
export type Job = (on: Session) => Promise<void>

/** Does all jobs, on the session of the work and on as many others as are to spare. @throws what the first throws */
export async function atOnce({ session, signal, context }: Work, jobs: readonly Job[]): Promise<void> {
  const waiting = [...jobs]
  const doThem = async (on: Session): Promise<void> => {
    try {
      for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) await job(on)
    } catch (error) {
      waiting.length = 0
      throw error
    }
  }
  const help = (): Promise<void> =>
    context.workers.using((other) => interruptible(other, context.control, signal, () => doThem(other)))
  const helpers = jobs.slice(1).map(() => context.helping(help))
  const ends = await Promise.allSettled([doThem(session), ...helpers])
  for (const end of ends) if (end.status === 'rejected') throw end.reason
}
