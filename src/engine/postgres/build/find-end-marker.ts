import { createReadStream } from 'node:fs'

/** Where PostgreSQL 17 and older take the end of the data to be: a line of nothing but `\.`, not within quotes. */
const marker = '\\.'
const [quote, newline, carriage] = [0x22, 0x0a, 0x0d]

/**
 * The number of the first such line of a CSV file, from 1; null when there is none, which is known as fast as the
 * file can be read.
 */
export async function findEndMarker(path: string): Promise<number | null> {
  const candidates = await findMarkers(path)
  return candidates.size === 0 ? null : firstOutsideQuotes(path, candidates)
}

/** Offsets of lines that hold only the marker. */
async function findMarkers(path: string): Promise<ReadonlySet<number>> {
  const found = new Set<number>()
  let offset = 0
  let rest = Buffer.alloc(0)
  const look = (bytes: Buffer, atEnd: boolean): void => {
    for (let at = bytes.indexOf(marker); at >= 0; at = bytes.indexOf(marker, at + 1)) {
      const [before, after] = [bytes[at - 1], bytes[at + marker.length]]
      if (isBreak(before) && (after === undefined ? atEnd : isBreak(after))) found.add(offset + at)
    }
  }
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    const bytes = Buffer.concat([rest, chunk])
    look(bytes, false)
    // A marker at the end is looked at again, with what is before and behind it.
    rest = bytes.subarray(Math.max(bytes.length - marker.length - 1, 0))
    offset += bytes.length - rest.length
  }
  look(rest, true)
  return found
}

const isBreak = (byte: number | undefined): boolean => byte === newline || byte === carriage

async function firstOutsideQuotes(path: string, candidates: ReadonlySet<number>): Promise<number | null> {
  let [offset, line, quoted] = [0, 1, false]
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    for (const byte of chunk) {
      if (!quoted && candidates.has(offset)) return line
      if (byte === quote) quoted = !quoted
      if (byte === newline) line += 1
      offset += 1
    }
  }
  return null
}
