import { readFile, rm, stat, writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { isAbandoned, ownerMark } from './owner.ts'

/** Milliseconds between two looks at a lock that somebody holds. */
const pause = 200

/** Keeps other processes out while the callback runs; a lock whose holder is gone counts for nothing. */
export async function usingLockFile<T>(
  path: string,
  signal: AbortSignal,
  callback: () => Promise<T>,
): Promise<T> {
  while (!(await take(path))) await sleep(pause, undefined, { signal })
  try {
    return await callback()
  } finally {
    await rm(path, { force: true })
  }
}

async function take(path: string): Promise<boolean> {
  try {
    await writeFile(path, ownerMark(), { flag: 'wx' })
    return true
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || error.code !== 'EEXIST') throw error
  }
  const holder = await readFile(path, 'utf8').catch(() => null)
  const age = await stat(path).then(
    ({ mtimeMs }) => Date.now() - mtimeMs,
    () => 0,
  )
  // Between being made and being written it is empty.
  if (holder !== null && (holder === '' ? age > 10_000 : isAbandoned(holder, age)))
    await rm(path, { force: true })
  return false
}
