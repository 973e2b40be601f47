/** A place in a text as people count: from 1, columns in characters (code points). */
export interface Location {
  line: number
  column: number
  /** The whole line, without its line break. */
  lineText: string
}

/** @param offset in UTF-16 code units; one within or after a line break belongs to the line that it ends */
export function locate(text: string, offset: number): Location {
  let line = 1
  let start = 0
  for (const lineBreak of text.matchAll(/\r\n|\n|\r/g)) {
    const next = lineBreak.index + lineBreak[0].length
    if (next > offset) return locationOn(text.slice(start, lineBreak.index), line, offset - start)
    line += 1
    start = next
  }
  return locationOn(text.slice(start), line, offset - start)
}

function locationOn(lineText: string, line: number, offset: number): Location {
  return { line, column: Array.from(lineText.slice(0, offset)).length + 1, lineText }
}

/**
 * The offset in UTF-16 code units of a position as PostgreSQL's errors give it: in characters, from 1.
 * A position after the end gives the end.
 */
export function codePointsToUtf16(text: string, position: number): number {
  let offset = 0
  for (let left = position - 1; left > 0 && offset < text.length; left -= 1) {
    offset += (text.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1
  }
  return offset
}
