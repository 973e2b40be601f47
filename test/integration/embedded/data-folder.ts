import { rm } from 'node:fs/promises'
import { join } from 'node:path'

import { afterEach, beforeEach } from 'vitest'

import { makeTemporaryFolder } from '../../support/temporary-folder.ts'

/** A new folder for each test; `dataDirectory` is where duro would put a project's server. */
export function useDataFolder(): { readonly folder: string; readonly dataDirectory: string } {
  let folder = ''
  beforeEach(async () => {
    folder = await makeTemporaryFolder('embedded')
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
