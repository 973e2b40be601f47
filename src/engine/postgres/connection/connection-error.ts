import { DuroError } from '../../../errors.ts'
import { errorCodeOf } from '../../connection-loss.ts'

interface Explanation {
  message: string
  hint?: string
}

const passwordHint = 'Check the user and the password (DATABASE_URL, PGPASSWORD or ~/.pgpass).'

/** The driver has no code for it when a server asks for a password and there is none. */
const saysNoPassword = /client password must be a string/

/** Node's and the server's ways to say that no session could be opened, and what a person can do about each. */
const explanations: Record<string, (target: string) => Explanation> = {
  ECONNREFUSED: (target) => ({
    message: `nothing listens at ${target}`,
    hint: 'Is the server running, and are host and port right?',
  }),
  ENOTFOUND: (target) => ({ message: `the host of ${target} is unknown`, hint: 'Check the host name.' }),
  EAI_AGAIN: (target) => ({
    message: `the host of ${target} could not be looked up`,
    hint: 'Check the host name and the name server.',
  }),
  ETIMEDOUT: (target) => ({
    message: `${target} did not answer in time`,
    hint: 'A firewall or a security group may be in the way.',
  }),
  ECONNRESET: (target) => ({ message: `${target} closed the connection` }),
  '28P01': (target) => ({
    message: `${target} refused the password`,
    hint: passwordHint,
  }),
  '28000': (target) => ({
    message: `${target} refused the login`,
    hint: 'Check the user, and the pg_hba.conf of the server.',
  }),
  '3D000': (target) => ({
    message: `the database of ${target} does not exist`,
    hint: 'Create it, or check its name.',
  }),
  '53300': (target) => ({
    message: `${target} has no connection left`,
    hint: 'Lower `concurrency` in duro.yaml, or raise max_connections.',
  }),
  '57P03': (target) => ({
    message: `${target} is starting up or shutting down`,
    hint: 'Try again in a moment.',
  }),
}

/** @param target host, port and database without credentials */
export function explainConnectionError(error: unknown, target: string): DuroError {
  const code = errorCodeOf(error)
  const explained = code === null ? undefined : explanations[code]?.(target)
  const said = error instanceof Error ? error.message : String(error)
  if (saysNoPassword.test(said)) {
    const message = `${target} asks for a password, and none is given`
    return new DuroError('connection', message, { hint: passwordHint, cause: error })
  }
  if (explained === undefined) {
    return new DuroError('connection', `cannot connect to ${target}: ${said || code}`, { cause: error })
  }
  return new DuroError('connection', explained.message, { hint: explained.hint, cause: error })
}
