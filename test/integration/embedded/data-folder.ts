import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach } from 'vitest'

/** A new folder for each test; `dataDirectory` is where duro would put a project's server. */
export function useDataFolder(): { readonly folder: string; readonly dataDirectory: string } {
  let folder = ''
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'duro-embedded-'))
    await chmod(folder, 0o755) // as root, the server runs as another user
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))
  return {
    get folder() {
      return folder
    },
    get dataDirectory() {
      return join(folder, '.duro', 'postgres')
    },
  }
}
