import { DuroError } from '../../../errors.ts'

/** What opens a session, for a while. */
export interface IamCredentials {
  /** Not always as it was asked for: AWS puts `IAM:` in front. */
  user: string
  password: string
  expiresAt: Date
}

export interface Endpoint {
  host: string
  port: number
}

/** Gives passwords for a cluster or a workgroup, and knows where it is. */
export interface IamAuthority {
  /** @param database null: any. @throws DuroError with the code `connection` */
  credentials(database: string | null): Promise<IamCredentials>
  /** @throws DuroError with the code `connection` */
  endpoint(): Promise<Endpoint>
}

/** Seconds, the fewest that AWS gives: a session that is open stays open. */
export const validFor = 900

/** @param name `cluster sales` */
export function checkCredentials(
  name: string,
  { user, password, expiresAt }: { [Key in keyof IamCredentials]: IamCredentials[Key] | undefined },
): IamCredentials {
  if (!user || !password) throw new DuroError('connection', `AWS gave no password for the ${name}`)
  return { user, password, expiresAt: expiresAt ?? new Date(Date.now() + validFor * 1000) }
}

/** @param status what AWS says of its state */
export function checkEndpoint(
  name: string,
  { host, port, status }: { host: string | undefined; port: number | undefined; status: string | undefined },
): Endpoint {
  if (host) return { host, port: port ?? 5439 }
  throw new DuroError('connection', `the ${name} has no address: it is ${status ?? 'not there'}`, {
    hint: 'Resume it, or try again when it is available.',
  })
}
