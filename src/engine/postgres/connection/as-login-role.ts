import type { Session } from './session.ts'

/**
 * Runs a statement with the rights of the role that logged in, without its rows. To the server a session is that role's
 * for good: where `alter role … set role` has changed whose rights it has, these do not reach to the other sessions of
 * the same login. `reset role` is the way back to what was set for the role; all of it is one text, and one transaction.
 * @param statement without parameters, which a text of several statements cannot have
 */
export const asLoginRole = (session: Session, statement: string): Promise<unknown> =>
  session.query(`set role none; ${statement}; reset role`)

/** Ends another session of this login. */
export const terminate = (session: Session, pid: number): Promise<unknown> =>
  asLoginRole(session, `select pg_catalog.pg_terminate_backend(${pid})`)
