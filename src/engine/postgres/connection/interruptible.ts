import { interruptible as runInterruptible } from '../../interruptible.ts'
import { asLoginRole } from './as-login-role.ts'
import type { Session } from './session.ts'

/** @param control an idle session, which cancels what the other one runs when the signal fires */
export const interruptible = <T>(
  session: Session,
  control: Session,
  signal: AbortSignal,
  run: () => Promise<T>,
): Promise<T> => runInterruptible(() => cancel(session, control), signal, run)

/** Has the server end what a session runs. Without effect when it has just ended. */
export const cancel = (session: Session, control: Session): Promise<unknown> =>
  asLoginRole(control, cancelStatement(session.pid))

/** The way back is spared: a rollback that is cancelled would leave the session in its failed transaction. */
const cancelStatement = (pid: number): string => `
  select pg_catalog.pg_cancel_backend(pid) from pg_catalog.pg_stat_activity
  where pid = ${pid} and (state = 'active' and query not ilike 'rollback%' or state = 'disabled')`
