import { open, stat } from 'node:fs/promises'
import { DuroError } from '../errors.ts'

/** More than all names that a table can have. */
const longest = 1 << 20

/**
 * The names in the first line of a CSV file.
 * @param failed how messages begin
 * @throws DuroError when there is no file, no line, or no UTF-8
 */
export async function readCsvHeader(path: string, called: string, failed: string): Promise<string[]> {
  const bytes = await readStart(path)
  if (bytes === null) {
    throw new DuroError('build', `${failed}: ${called} wrote no file`, {
      hint: 'It has to write CSV to the path that is its last argument.',
    })
  }
  const names = parseFirstLine(decode(bytes))
  if (names === null) {
    throw new DuroError('build', `${failed}: the first line of the CSV that ${called} wrote cannot be read`, {
      hint: 'It names the columns, separated by commas, in UTF-8.',
    })
  }
  if (names.length === 1 && names[0] === '') {
    throw new DuroError('build', `${failed}: the CSV that ${called} wrote is empty`, {
      hint: 'Its first line names the columns, also when there is no row.',
    })
  }
  return names
}

/** Null: there is no file. To open a pipe would wait for whoever writes into it. */
async function readStart(path: string): Promise<Buffer | null> {
  const found = await stat(path).catch(() => null)
  if (found?.isFile() !== true) return null
  const file = await open(path).catch(() => null)
  if (file === null) return null
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(longest), 0, longest, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

/** Other lines may be cut in the middle of a character, or not be text at all, which is for the server to find. */
function decode(bytes: Buffer): string {
  return new TextDecoder('utf-8').decode(bytes)
}

/** Null: a quote that does not end, or stands where none can be. A line break within quotes belongs to a name. */
export function parseFirstLine(text: string): string[] | null {
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|\n|\r|$)/y
  const names: string[] = []
  for (;;) {
    const [, quoted, plain = '', end] = field.exec(text) ?? []
    const name = quoted?.replaceAll('""', '"') ?? plain
    if (end === undefined || name.includes('\uFFFD') || name.includes('\0')) return null
    names.push(name)
    if (end !== ',') return names
  }
}
