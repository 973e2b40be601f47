import type { Session } from '../connection/session.ts'

/**
 * Who holds locks on these relations, in words. An ordinary user sees only itself there, and may not see anything:
 * then nobody is named.
 */
export async function describeBlockers(session: Session, ids: readonly number[]): Promise<string[]> {
  if (ids.length === 0) return []
  try {
    const rows = await session.query<{ who: string; pid: number; began: Date | null }>(
      `select distinct trim(txn_owner) as who, pid, txn_start as began from svv_transactions
       where granted and relation in (${ids.join(', ')}) and pid <> ${session.pid}
       order by pid`,
    )
    return rows.map(
      ({ who, pid, began }) =>
        `${who}, server process ${pid}${began === null ? '' : `, in its transaction since ${began.toISOString()}`}`,
    )
  } catch {
    return []
  }
}
