import type { Span } from './parser.ts'

/**
 * A word, number or sign of a text, placed in UTF-16 code units. `keyword` is a word that is reserved in some place.
 * A string that goes on behind a line break is one token for each of its parts.
 */
export interface Token extends Span {
  text: string
  kind: 'keyword' | 'name' | 'string' | 'comment' | 'other'
}

/** The index of the first token that begins at the offset or after it; `tokens.length` when there is none. */
export function firstTokenFrom(tokens: readonly Token[], offset: number): number {
  let low = 0
  let high = tokens.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((tokens[middle]?.start ?? 0) < offset) low = middle + 1
    else high = middle
  }
  return low
}
