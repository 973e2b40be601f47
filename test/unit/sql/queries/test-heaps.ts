import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import type { Token } from '../../../../src/sql/token.ts'

/** How one engine reads and normalises a text. */
export interface Normaliser {
  normalise: (text: string) => string
  scan: (text: string) => Token[]
  /** The tokens of a text, equal where they mean the same. */
  tokens: (text: string) => string[]
  /** Words that only this engine reads, or reads in its own way. */
  ownWords: readonly string[]
  /** Of words, those whose case does not count. */
  folded: RegExp
  numRuns: number
}

const words = `select from where order by , , ( ) [ ] . .. :: : ; * / - + < = <> & | ! ~ @ # ? % a b n e x É left join
  1 1.5 .5 1e3 $1 "a"`
const texts = ["'a'", "'b  c'", "B'01'", "X'1f'", "N'x'", '$$ a $$', '$t$ b $t$', '"a b"']

/** What is asked of a normalised form, of heaps of tokens that are no SQL. */
export function testHeaps({ normalise, scan, tokens, ownWords, folded, numRuns }: Normaliser): void {
  const heap = heapOf([...words.split(/\s+/), ...texts, ...ownWords], scan)

  test('any heap of tokens keeps them, and only these', () => {
    fc.assert(
      fc.property(heap, ({ text }) => {
        const normal = normalise(text)
        expect(tokens(normal)).toEqual(tokens(text))
        expect(normalise(normal)).toBe(normal)
      }),
      { numRuns },
    )
  })

  test('two heaps of tokens are equal when their tokens are', () => {
    fc.assert(
      fc.property(heap, heap, (one, other) => {
        const equal = normalise(one.text) === normalise(other.text)
        expect(equal).toBe(tokens(one.text).join('\0') === tokens(other.text).join('\0'))
      }),
      { numRuns },
    )
  })

  test('white space, comments and case of a heap do not count', () => {
    fc.assert(
      fc.property(heap, ({ chosen }) => {
        const wide = chosen
          .map((word) => (folded.test(word) ? word.toUpperCase() : word))
          .join(' /* x */\n-- y\n ')
        expect(normalise(wide)).toBe(normalise(chosen.join(' ')))
      }),
      { numRuns: 1000 },
    )
  })
}

/**
 * Two strings in a row are left out: they are one string, or none at all, depending on what is between them. A word
 * may become part of a comment, as `-` does before `-- x`.
 */
function heapOf(vocabulary: readonly string[], scan: Normaliser['scan']) {
  const gap = fc.constantFrom(' ', '\n', '\t', '/* x */', '-- x\n')
  return fc
    .array(fc.constantFrom(...vocabulary), { maxLength: 7 })
    .chain((chosen) =>
      fc.array(gap, { minLength: 7, maxLength: 7 }).map((gaps) => ({
        chosen,
        text: chosen.map((word, index) => word + (gaps[index] ?? ' ')).join(''),
      })),
    )
    .filter(({ chosen, text }) => !hasStringsInARow(scan(text)) && !hasStringsInARow(scan(chosen.join(' '))))
}

function hasStringsInARow(tokens: readonly Token[]): boolean {
  const kinds = tokens.flatMap(({ kind }) => (kind === 'comment' ? [] : [kind]))
  return kinds.some((kind, index) => kind === 'string' && kinds[index + 1] === 'string')
}
