import { describe, expect, test } from 'vitest'

import { codePointsToUtf16, locate } from '../../../src/sql/locate.ts'

describe('locate', () => {
  test.each([
    ['the beginning', 'abc', 0, { line: 1, column: 1, lineText: 'abc' }],
    ['the end', 'abc', 3, { line: 1, column: 4, lineText: 'abc' }],
    ['an empty text', '', 0, { line: 1, column: 1, lineText: '' }],
    ['a later line', 'a\nbcd\ne', 4, { line: 2, column: 3, lineText: 'bcd' }],
    ['a line break', 'a\nb', 1, { line: 1, column: 2, lineText: 'a' }],
    ['after the last line break', 'a\n', 2, { line: 2, column: 1, lineText: '' }],
    ['CRLF', 'a\r\nbc\r\nd', 4, { line: 2, column: 2, lineText: 'bc' }],
    ['within a CRLF', 'a\r\nb', 2, { line: 1, column: 2, lineText: 'a' }],
    ['a lone CR', 'a\rb', 2, { line: 2, column: 1, lineText: 'b' }],
    ['characters, not code units', 'é😀x\n😀😀y', 9, { line: 2, column: 3, lineText: '😀😀y' }],
    ['an empty line', 'a\n\nb', 2, { line: 2, column: 1, lineText: '' }],
  ])('%s', (_, text, offset, location) => {
    expect(locate(text, offset)).toEqual(location)
  })
})

describe('codePointsToUtf16', () => {
  test.each([
    ['abc', 1, 0],
    ['abc', 3, 2],
    ['é😀x', 3, 3],
    ['😀😀', 3, 4],
    ['abc', 9, 3],
    ['abc', 0, 0],
  ])('%s at %i', (text, position, offset) => {
    expect(codePointsToUtf16(text, position)).toBe(offset)
  })
})
