import { DuroError } from '../errors.ts'
import type { EngineName } from '../sql/engine-name.ts'

const called = { postgres: 'PostgreSQL', redshift: 'Amazon Redshift' }

/** The server is another one than it was taken for. */
export class OtherEngineError extends DuroError {
  override readonly name = 'OtherEngineError'
  /** What it is. */
  readonly engine: EngineName

  /** @param target host, port and database without credentials */
  constructor(engine: EngineName, target: string) {
    super('connection', `${target} is ${called[engine]}`, {
      hint: `Write "engine: ${engine}" into duro.yaml, or nothing at all: the server tells.`,
    })
    this.engine = engine
  }
}

/** What `select version()` says. */
export const engineOfVersion = (version: string): EngineName =>
  /\bRedshift\b/i.test(version) ? 'redshift' : 'postgres'

/** Only Redshift asks for a password that it keeps as a SHA-256 digest, and tells nobody before what it is. */
export const isLoginOfRedshift = (error: unknown): boolean =>
  error instanceof Error && /authenticationOk message type 13\b/.test(error.message)
