import { transaction } from '../../transaction.ts'
import type { Session } from './session.ts'

/**
 * What the catalog prints then carries every schema, and is the same text in every session: constants of dates and times
 * are printed as the settings of a role say.
 */
export const printAlike =
  "set local search_path = ''; set local timezone = 'UTC'; set local datestyle = 'ISO'; set local intervalstyle = 'postgres'"

export const withQualifiedNames = <T>(session: Session, callback: () => Promise<T>): Promise<T> =>
  transaction(session, `begin read only; ${printAlike}`, callback)
