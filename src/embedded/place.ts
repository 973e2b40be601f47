import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, mkdir } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'

import { canReach } from './reach.ts'
import { findServerUser } from './server-user.ts'
import type { ServerUser } from './run-program.ts'
import { findInStore, openStore } from './store.ts'

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
  if (user === null) return placeAt(asked, user)
  const isReachable = await canReach(dirname(asked), user)
  if (isReachable && existsSync(asked)) return placeAt(asked, user)
  // Once chosen, another place stays, also when somebody opens the project's folder.
  const name = join(nameElsewhere(asked), 'postgres')
  const chosen = findInStore(name)
  if (chosen !== null) return placeAt(chosen, user)
  if (isReachable) return placeAt(asked, user)
  const elsewhere = join(await openStore(), name)
  onNotice(`the embedded PostgreSQL keeps its data in ${elsewhere}, as its user cannot enter ${asked}`)
  await openParent(elsewhere, user)
  return placeAt(elsewhere, user)
}

function nameElsewhere(asked: string): string {
  const digest = createHash('sha256').update(asked).digest('hex').slice(0, 8)
  return `${basename(dirname(dirname(asked)))}-${digest}`
}

function placeAt(dataDirectory: string, user: ServerUser | null): Place {
  return { dataDirectory, passwordFile: `${dataDirectory}.password`, logFile: `${dataDirectory}.log`, user }
}

async function openParent(dataDirectory: string, user: ServerUser | null): Promise<void> {
  const made = await mkdir(dirname(dataDirectory), { recursive: true })
  // Root's umask may keep others out of a folder that has just been made for the server.
  if (made !== undefined && user !== null) await chmod(dirname(dataDirectory), 0o755)
}
