import type { Session } from '../connection/session.ts'
import { attempt } from './attempt.ts'

/** What is made only to be looked at. */
export interface Probe {
  /** SQL. */
  create: string
}

/**
 * Makes the probes and takes all back. Those that the server refuses are left out: they say nothing of the others.
 * @returns null: they cannot be made together
 */
export async function withProbes<P extends Probe, T>(
  session: Session,
  probes: readonly P[],
  callback: (made: readonly P[]) => Promise<T>,
): Promise<T | null> {
  const tryWith = async (wanted: readonly P[]): Promise<T | null> => {
    let areMade = false
    let result: T | null = null
    const error = await attempt(session, async () => {
      await createAll(session, wanted)
      areMade = true
      result = await callback(wanted)
    })
    if (areMade && error !== null) throw error
    return result
  }
  return (await tryWith(probes)) ?? (await tryWith(await findPossible(session, probes)))
}

const createAll = (session: Session, probes: readonly Probe[]): Promise<unknown> =>
  session.query(probes.map(({ create }) => create).join(';\n'))

/** A view may not hold what a table or a script can, such as two columns of one name. */
async function findPossible<P extends Probe>(session: Session, probes: readonly P[]): Promise<readonly P[]> {
  if ((await attempt(session, () => createAll(session, probes))) === null) return probes
  const half = Math.ceil(probes.length / 2)
  if (half === probes.length) return []
  return [
    ...(await findPossible(session, probes.slice(0, half))),
    ...(await findPossible(session, probes.slice(half))),
  ]
}
