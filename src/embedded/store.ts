import { existsSync } from 'node:fs'
import { chmod, lstat, mkdir } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'

import { DuroError } from '../errors.ts'

const ROOT_STORES = ['/var/lib/duro', join(tmpdir(), 'duro')]

/**
 * A folder for what cannot stay where the user put it: below `/var/lib` for root, so that other users can reach it
 * and none but root can put programs there, else in the user's own cache.
 */
export async function openStore(): Promise<string> {
  if (process.getuid?.() !== 0) {
    const store = join(homedir(), '.cache', 'duro')
    await mkdir(store, { recursive: true })
    return store
  }
  const errors: unknown[] = []
  for (const store of ROOT_STORES) {
    try {
      await mkdir(store, { recursive: true })
      const { uid } = await lstat(store)
      if (uid !== 0) continue
      await chmod(store, 0o755)
      return store
    } catch (error) {
      errors.push(error)
    }
  }
  throw new DuroError(
    'connection',
    'the embedded PostgreSQL found no folder that its system user can reach',
    {
      hint: 'Run duro as another user than root, or in a folder that other users may enter.',
      cause: new AggregateError(errors),
    },
  )
}

/** The path of what root has put into its store, or null. */
export function findInStore(name: string): string | null {
  return ROOT_STORES.map((store) => join(store, name)).find((path) => existsSync(path)) ?? null
}
