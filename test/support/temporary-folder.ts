import { chmod, mkdtemp, realpath } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { inject } from 'vitest'

/** A new folder within that of this run of the tests, which takes care of what an interrupted test leaves. */
export async function makeTemporaryFolder(prefix: string): Promise<string> {
  const folder = await mkdtemp(join(inject('runFolder') ?? (await realpath(tmpdir())), `${prefix}-`))
  await chmod(folder, 0o755) // as root, servers run as another user
  return folder
}
