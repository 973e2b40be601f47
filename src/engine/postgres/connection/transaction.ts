import { transaction } from '../../transaction.ts'
import type { Session } from './session.ts'

/**
 * What the catalog prints then carries every schema, and is the same text in every session: constants of dates and times
 * are printed as the settings of a role say.
 */
const printSettings = [
  "search_path = ''",
  "timezone = 'UTC'",
  "datestyle = 'ISO'",
  "intervalstyle = 'postgres'",
  "bytea_output = 'hex'",
  "lc_monetary = 'C'",
]

export const printAlike = printSettings.map((setting) => `set local ${setting}`).join('; ')

/** The same for a session. */
export const alwaysPrintAlike = printSettings.map((setting) => `set ${setting}`).join('; ')

export const withQualifiedNames = <T>(session: Session, callback: () => Promise<T>): Promise<T> =>
  transaction(session, `begin read only; ${printAlike}`, callback)

/** Within a transaction: takes back what the callback does, its settings too. FREEZE looks at the subtransaction. */
export async function takingBack<T>(session: Session, callback: () => Promise<T>): Promise<T> {
  const rollback = 'rollback to savepoint taken_back; release savepoint taken_back'
  await session.query('savepoint taken_back')
  try {
    const result = await callback()
    await session.query(rollback)
    return result
  } catch (error) {
    await session.query(rollback).catch(() => undefined)
    throw error
  }
}
