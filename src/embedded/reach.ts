import { realpath, stat } from 'node:fs/promises'
import { dirname } from 'node:path'

import type { ServerUser } from './run-program.ts'

const READ = 4
const ENTER = 1

/** Whether a user may enter every folder above an existing path, and read and enter (or execute) the path itself. */
export async function canReach(path: string, user: ServerUser): Promise<boolean> {
  const target = await realpath(path)
  if (!(await allows(target, user, READ | ENTER))) return false
  for (let folder = dirname(target); ; folder = dirname(folder)) {
    if (!(await allows(folder, user, ENTER))) return false
    if (folder === dirname(folder)) return true
  }
}

async function allows(path: string, user: ServerUser, wanted: number): Promise<boolean> {
  const { mode, uid, gid } = await stat(path)
  const shift = uid === user.uid ? 6 : gid === user.gid ? 3 : 0
  return ((mode >> shift) & wanted) === wanted
}
