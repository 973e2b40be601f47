import { stat } from 'node:fs/promises'

import { DuroError } from '../errors.ts'
import { runProgram, type ServerUser } from './run-program.ts'

/**
 * PostgreSQL refuses to run as root. There it runs as the owner of an existing data directory, otherwise as
 * `postgres`, who is created where the system has no such user. Null: as the user of this process.
 */
export async function findServerUser(dataDirectory: string): Promise<ServerUser | null> {
  if (process.getuid?.() !== 0) return null
  return (await findOwner(dataDirectory)) ?? (await lookUpUser()) ?? (await createUser())
}

async function findOwner(path: string): Promise<ServerUser | null> {
  const found = await stat(path).catch(() => null)
  return found === null || found.uid === 0 ? null : { uid: found.uid, gid: found.gid }
}

async function lookUpUser(): Promise<ServerUser | null> {
  try {
    const uid = Number(await runProgram('id', ['-u', 'postgres']))
    const gid = Number(await runProgram('id', ['-g', 'postgres']))
    return { uid, gid }
  } catch {
    return null
  }
}

async function createUser(): Promise<ServerUser> {
  const attempts: [program: string, ...args: string[]][] = [
    ['useradd', '--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', 'postgres'],
    ['adduser', '-S', '-D', '-H', 'postgres'], // busybox
  ]
  const errors: unknown[] = []
  for (const [program, ...args] of attempts) {
    try {
      await runProgram(program, args)
      const user = await lookUpUser()
      if (user !== null) return user
    } catch (error) {
      errors.push(error)
    }
  }
  throw new DuroError('connection', 'PostgreSQL does not run as root, and no user could be created for it', {
    hint: 'Create a system user named postgres, or run duro as another user than root.',
    cause: new AggregateError(errors),
  })
}
