import type { Place } from '../project/place.ts'
import { errorCodeOf } from './connection-loss.ts'

const undefinedObject = '42704'

/** Where the settings name a role, user or group that the server does not know; undefined: that is not its complaint. */
export function placeOfReader(error: unknown, readers: ReadonlyMap<string, Place>): Place | undefined {
  if (errorCodeOf(error) !== undefinedObject || !(error instanceof Error)) return undefined
  const { message } = error
  for (const [reader, place] of readers) {
    const name = reader.replace(/^(group|role)\s+/i, '')
    if (message.toLowerCase().includes(`"${name.toLowerCase()}"`)) return place
  }
  return undefined
}
