/** Whether a column can keep what comes: as it is, once it is wider, or not at all. */
export type Fit = 'fits' | 'widen' | 'incompatible'

/** The only change of type that Redshift makes in place is a longer varchar. @param kept as `format_type` prints it */
export function fitType(kept: string, coming: string): Fit {
  if (kept === coming) return 'fits'
  const [room, need] = [lengthOf(kept), lengthOf(coming)]
  if (room === null || need === null) return 'incompatible'
  return room >= need ? 'fits' : 'widen'
}

function lengthOf(type: string): number | null {
  const length = /^character varying\((\d+)\)$/.exec(type)?.[1]
  return length === undefined ? null : Number(length)
}
