/** The values of a row, as texts. */
export function readRow(body: Buffer): (string | null)[] {
  const values: (string | null)[] = []
  let at = 2
  for (let left = body.readInt16BE(0); left > 0; left--) {
    const length = body.readInt32BE(at)
    at += 4
    if (length < 0) values.push(null)
    else {
      values.push(body.toString('utf8', at, at + length))
      at += length
    }
  }
  return values
}
