/** From an offset in a text's UTF-8 bytes to one in its UTF-16 code units; a byte within a character maps to its start. */
export type FromBytes = (bytes: number) => number

/** libpg-query counts bytes; a table is needed only where these are not the same as characters. */
export function byteOffsets(text: string): FromBytes {
  const length = Buffer.byteLength(text)
  if (length === text.length) return (bytes) => bytes
  const offsets = new Uint32Array(length + 1)
  let bytes = 0
  let offset = 0
  for (const character of text) {
    const width = Buffer.byteLength(character)
    offsets.fill(offset, bytes, bytes + width)
    bytes += width
    offset += character.length
  }
  offsets[length] = text.length
  return (at) => offsets[at] ?? text.length
}
