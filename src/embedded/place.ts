import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, mkdir } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'

import { canReach } from './reach.ts'
import { findServerUser, type ServerUser } from './server-user.ts'
import { openStore } from './store.ts'

/** Where the files of one server lie, and who owns them. */
export interface Place {
  /** PostgreSQL's own; made by `initdb`. */
  dataDirectory: string
  /** The superuser's password, beside the data directory, readable by its owner only. */
  passwordFile: string
  logFile: string
  user: ServerUser | null
}

/**
 * Settles where a server keeps its data: where it was asked to, unless duro runs as root and the server's user cannot
 * enter that folder (below `/root`, say). Then it is a folder below `/var/lib/duro`, named after the project.
 */
export async function findPlace(wanted: string, onNotice: (text: string) => void): Promise<Place> {
  const asked = resolve(wanted)
  const user = await findServerUser(asked)
  await openParent(asked, user)
  if (user === null || (await canReach(dirname(asked), user))) return placeAt(asked, user)
  const digest = createHash('sha256').update(asked).digest('hex').slice(0, 8)
  const project = basename(dirname(dirname(asked)))
  const dataDirectory = join(await openStore(), `${project}-${digest}`, 'postgres')
  await openParent(dataDirectory, user)
  if (!existsSync(dataDirectory)) {
    onNotice(`the embedded PostgreSQL keeps its data in ${dataDirectory}, as its user cannot enter ${asked}`)
  }
  return placeAt(dataDirectory, user)
}

function placeAt(dataDirectory: string, user: ServerUser | null): Place {
  return { dataDirectory, passwordFile: `${dataDirectory}.password`, logFile: `${dataDirectory}.log`, user }
}

async function openParent(dataDirectory: string, user: ServerUser | null): Promise<void> {
  const made = await mkdir(dirname(dataDirectory), { recursive: true })
  // Root's umask may keep others out of a folder that has just been made for the server.
  if (made !== undefined && user !== null) await chmod(dirname(dataDirectory), 0o755)
}
