import { transaction } from '../../transaction.ts'
import type { Session } from './session.ts'

/** Definitions that the catalog prints then carry every schema. */
export const withQualifiedNames = <T>(session: Session, callback: () => Promise<T>): Promise<T> =>
  transaction(session, "begin read only; set local search_path = ''", callback)
