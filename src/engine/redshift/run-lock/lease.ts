import { setTimeout as sleep } from 'node:timers/promises'
import { cutIdentifier as cutText, formatAddress, type Address } from '../../../sql/identifiers.ts'
import { quoteRedshiftLiteral as literal } from '../../../sql/redshift/quote-literal.ts'
import { transaction } from '../../transaction.ts'
import { isConflict, isInTheWay, retryingConflicts } from '../conflict.ts'
import type { Session } from '../connection/session.ts'

/** How long a run may be silent before another one takes the lock from it, and how often it speaks, in seconds. */
export const leaseTimes = { lasts: 60, renewed: 15 }

/**
 * For sessions that write down times, or read what others have: the server tells the time in the zone of the session,
 * which each user may set.
 */
export const inUtc = `set timezone to 'UTC'`

/** What tells one hold of the lock from every other. */
export interface Claim {
  table: Address
  /** Made up for this run. */
  owner: string
  /** Counts the runs; one that was taken over does not come again. */
  fence: number
}

interface LeaseRow {
  owner: string
  label: string
  holder: string
  fence: number
  held: boolean
  age: number
  silent: number
}

/** How often it is tried in one go when others are faster. */
const most = 3

/** Milliseconds for one statement. */
const patience = 10_000

/** Takes the lock if nobody holds it. @returns the claim; or who holds it, in words */
export async function tryClaim(
  session: Session,
  table: Address,
  { owner, label, holder }: Pick<LeaseRow, 'owner' | 'label' | 'holder'>,
  signal: AbortSignal,
): Promise<Claim | string> {
  const relation = formatAddress(table)
  const until = `dateadd(second, ${leaseTimes.lasts}, getdate())`
  const [who, what] = [holder, label].map((text) => literal(cutText(text, 600)))
  const claim = async (): Promise<Claim | string> => {
    // The first statement, on its own: what is read below is as it was left by whoever held it before.
    await session.query(`lock ${relation}`)
    const [row] = await session.query<LeaseRow>(
      `select owner, label, holder, fence, expires_at > getdate() as held,
              datediff(second, began_at, getdate()) as age,
              ${leaseTimes.lasts} - datediff(second, getdate(), expires_at) as silent
       from ${relation}`,
    )
    // An earlier try of ours was committed, and answered with an error nevertheless.
    if (row !== undefined && row.owner === owner) return { table, owner, fence: row.fence }
    if (row !== undefined && row.held) return describe(row)
    const fence = (row?.fence ?? 0) + 1
    await session.query(
      row === undefined
        ? `insert into ${relation} (owner, label, holder, began_at, expires_at, fence)
           values (${literal(owner)}, ${what}, ${who}, getdate(), ${until}, ${fence})`
        : `update ${relation} set owner = ${literal(owner)}, label = ${what}, holder = ${who},
             began_at = getdate(), expires_at = ${until}, fence = ${fence}`,
    )
    return { table, owner, fence }
  }
  // Who was cut off in the middle of a swap may hold the table for longer than anybody wants to wait.
  await session.query(`set statement_timeout to ${patience}`)
  try {
    return await retryingConflicts(signal, most, () => transaction(session, 'begin', claim))
  } catch (error) {
    if (!isConflict(error) && !isInTheWay(error)) throw error
    return 'somebody else takes it, or swaps, in this moment'
  }
}

const describe = ({ label, holder, age, silent }: LeaseRow): string =>
  `"${label}" by ${holder}, for ${age} s (it spoke ${Math.max(silent, 0)} s ago)`

/** @param claim without a fence: whichever of this owner's it is */
const ours = ({ owner, fence }: Pick<ReleasedClaim, 'owner' | 'fence'>): string =>
  `where owner = ${literal(owner)}${fence === null ? '' : ` and fence = ${fence}`}`

/** Changes one row, and none when another run has taken the lock over. */
export const renewStatement = (claim: Claim): string =>
  `update ${formatAddress(claim.table)} set expires_at = dateadd(second, ${leaseTimes.lasts}, getdate()) ${ours(claim)}`

type ReleasedClaim = Omit<Claim, 'fence'> & { fence: number | null }

export const releaseStatement = (claim: ReleasedClaim): string =>
  `update ${formatAddress(claim.table)} set expires_at = getdate() ${ours(claim)}`

/** Waits without keeping the process alive. */
export const pauseUnheard = (seconds: number, signal: AbortSignal): Promise<void> =>
  sleep(seconds * 1000, undefined, { signal, ref: false }).catch(() => undefined)
