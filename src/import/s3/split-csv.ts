import { CsvRewriter } from './csv-rewriter.ts'

export interface SplitOptions {
  columns: readonly string[]
  nullMarker: string
  /** How much is in a file, before it is compressed; it ends with the first row behind that which was read whole. */
  fileBytes: number
  /** How messages begin. */
  failed: string
}

/** The rows of a CSV file as files of their own, one behind the other: each has to be read to its end before the next. */
export async function* splitCsv(
  chunks: AsyncIterable<Buffer>,
  options: SplitOptions,
): AsyncGenerator<AsyncIterable<Buffer>> {
  const pieces = cutRows(chunks, options)
  const header = headerLine(options.columns)
  let next = await pieces.next()

  async function* oneFile(): AsyncGenerator<Buffer> {
    yield header
    while (next.done !== true) {
      const { bytes, endsFile } = next.value
      yield bytes
      next = await pieces.next()
      if (endsFile) return
    }
  }

  try {
    // Redshift refuses a manifest without files: where there are no rows, there is one without rows.
    do yield oneFile()
    while (next.done !== true)
  } finally {
    await pieces.return(undefined)
  }
}

interface Piece {
  bytes: Buffer
  endsFile: boolean
}

async function* cutRows(
  chunks: AsyncIterable<Buffer>,
  { nullMarker, fileBytes, failed }: SplitOptions,
): AsyncGenerator<Piece, undefined> {
  const rewriter = new CsvRewriter(nullMarker, failed)
  let size = 0
  for await (const chunk of chunks) {
    const { bytes, wholeLines } = rewriter.rewrite(chunk)
    size += bytes.length
    if (size >= fileBytes && wholeLines > 0) {
      yield { bytes: bytes.subarray(0, wholeLines), endsFile: true }
      size = bytes.length - wholeLines
      if (size > 0) yield { bytes: bytes.subarray(wholeLines), endsFile: false }
    } else if (bytes.length > 0) yield { bytes, endsFile: false }
  }
  const rest = rewriter.end()
  if (rest.length > 0) yield { bytes: rest, endsFile: false }
  return undefined
}

/** For people: Redshift skips it, and is given no chance to take it for two lines. */
function headerLine(columns: readonly string[]): Buffer {
  const names = columns.map((name) => `"${name.replaceAll(/[\r\n]/g, ' ').replaceAll('"', '""')}"`)
  return Buffer.from(`${names.join(',')}\n`)
}
