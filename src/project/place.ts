import { locate } from '../sql/locate.ts'

/** Where something stands in the user's files. */
export interface Place {
  /** Path relative to the project's root, with `/`. */
  file: string
  /** Counted from 1; absent when the whole file is meant. */
  line?: number | undefined
  /** Counted from 1, in characters. */
  column?: number | undefined
}

/** The line and column of an offset that counts UTF-16 code units. */
export function placeAt(file: string, text: string, offset: number): Place {
  const { line, column } = locate(text, offset)
  return { file, line, column }
}

/** A place some characters further on the same line. */
export function further(place: Place, characters: number): Place {
  return place.column === undefined ? place : { ...place, column: place.column + characters }
}
