import type { ClientConfig } from 'pg'
import type { IamSettings } from '../../../project/aws-settings.ts'
import { createClusterAuthority } from './cluster-authority.ts'
import type { Endpoint, IamAuthority, IamCredentials } from './iam-authority.ts'
import { createWorkgroupAuthority } from './workgroup-authority.ts'

export interface IamOptions {
  /** Told of each password: it must not be seen in any output. */
  conceal: (secret: string) => void
  now?: () => number
}

/** Milliseconds that a password has to be valid for a session to be opened with it. */
const margin = 60_000

/**
 * What a new session is opened with: the user and the password are AWS's, the host and the port too where the URL has
 * none, and the database that of the settings where it names none.
 * @param config what the URL says
 * @returns to be called for each session: a password is asked for once, and again when it is nearly expired
 */
export function configFromIam(
  config: ClientConfig,
  settings: IamSettings,
  options: IamOptions,
): () => Promise<ClientConfig> {
  const authority = createAuthority(settings)
  const database = config.database || settings.database
  const credentials = renewed(() => authority.credentials(database ?? null), options)
  const endpoint = config.host ? null : once(() => authority.endpoint())
  return async () => {
    const place = await endpoint?.()
    const { user, password } = await credentials()
    return { ...config, ...(place && found(place, config)), user, password, ...(database && { database }) }
  }
}

/** The host is AWS's own name for it, so its certificate can be verified; and AWS's passwords want encryption. */
function found({ host, port }: Endpoint, { ssl }: ClientConfig): ClientConfig {
  return { host, port, ssl: ssl ?? true }
}

function createAuthority(settings: IamSettings): IamAuthority {
  return settings.kind === 'cluster' ? createClusterAuthority(settings) : createWorkgroupAuthority(settings)
}

/** Sessions that are opened at once share a password, and none is opened with one that is about to expire. */
export function renewed(
  ask: () => Promise<IamCredentials>,
  { conceal, now = Date.now }: IamOptions,
): () => Promise<IamCredentials> {
  let asked: Promise<IamCredentials> | null = null
  const askAgain = (): Promise<IamCredentials> => {
    const asking = ask().then((credentials) => {
      conceal(credentials.password)
      return credentials
    })
    asked = asking
    // Whoever waits for it is told; who comes later asks anew.
    asking.catch(() => {
      if (asked === asking) asked = null
    })
    return asking
  }
  return async () => {
    const current = asked
    if (current === null) return askAgain()
    const credentials = await current
    if (credentials.expiresAt.getTime() - now() >= margin) return credentials
    // Others may have waited for the same one, and one of them has asked.
    return asked === current ? askAgain() : (asked ?? askAgain())
  }
}

/** A failure is not kept. */
function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | null = null
  return () => {
    asked ??= ask().catch((error: unknown) => {
      asked = null
      throw error
    })
    return asked
  }
}
