import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ProblemList } from './problem-list.ts'

/** A file's text without its byte order mark, line breaks kept; null when a problem was reported instead. */
export function readText(root: string, file: string, problems: ProblemList): string | null {
  const bytes = readBytes(root, file, problems)
  if (bytes === null) return null
  const text = decodeUtf8(bytes)
  if (text === null) {
    problems.add({ file }, 'is not valid UTF-8', 'Save the file as UTF-8.')
    return null
  }
  if (text.includes('\0')) {
    // UTF-16 without a byte order mark often passes as UTF-8; PostgreSQL would read up to the first NUL only.
    problems.add({ file }, 'holds a NUL character', 'Save the file as UTF-8.')
    return null
  }
  return text
}

/** Without promises: for ten thousand small files these take longer than the reading. */
function readBytes(root: string, file: string, problems: ProblemList): Uint8Array | null {
  let opened: number | null = null
  try {
    // Opening a named pipe, or reading it, would wait for ever.
    opened = openSync(join(root, file), constants.O_RDONLY | constants.O_NONBLOCK)
    if (fstatSync(opened).isFile()) return readFileSync(opened)
    problems.add({ file }, 'is not a file')
  } catch (error) {
    problems.add({ file }, `cannot be read: ${describeFileError(error)}`)
  } finally {
    if (opened !== null) closeSync(opened)
  }
  return null
}

const decoder = new TextDecoder('utf-8', { fatal: true })

function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return decoder.decode(bytes)
  } catch {
    return null
  }
}

/** What the operating system said, without its codes and calls where a person's words exist. */
export function describeFileError(error: unknown): string {
  if (!(error instanceof Error) || !('code' in error)) return String(error)
  if (error.code === 'ENOENT') return 'it does not exist, or is a link to nothing'
  if (error.code === 'EACCES' || error.code === 'EPERM') return 'permission denied'
  if (error.code === 'ENOTDIR') return 'it is not a folder'
  if (error.code === 'ELOOP') return 'its links lead in a circle'
  return error.message
}
