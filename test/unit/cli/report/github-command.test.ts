import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  defuseCommands,
  escapeData,
  escapeProperty,
  formatAnnotation,
} from '../../../../src/cli/report/github-command.ts'

test('an annotation with all its properties', () => {
  expect(
    formatAnnotation({
      level: 'error',
      title: 'a: b, 100%',
      file: 'views/a,b — 1h.sql',
      line: 3,
      column: 14,
      message: 'first: 100%\r\nsecond',
    }),
  ).toBe('::error file=views/a%2Cb — 1h.sql,line=3,col=14,title=a%3A b%2C 100%25::first: 100%25%0D%0Asecond')
})

test('an annotation with none', () => {
  expect(formatAnnotation({ level: 'warning', message: 'x', line: null })).toBe('::warning::x')
})

test('what is escaped is one line, has none of the separators, and can be read back', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('%', '\r', '\n', ':', ',', 'A', '0', 'é') }), (text) => {
      const data = escapeData(text)
      expect(data).not.toMatch(/[\r\n]/)
      expect(unescape(data)).toBe(text)
      const property = escapeProperty(text)
      expect(property).not.toMatch(/[\r\n:,]/)
      expect(unescape(property)).toBe(text)
    }),
  )
})

// As the runner does it: the percent sign last.
function unescape(text: string): string {
  return text
    .replaceAll('%2C', ',')
    .replaceAll('%3A', ':')
    .replaceAll('%0A', '\n')
    .replaceAll('%0D', '\r')
    .replaceAll('%25', '%')
}

test('text never becomes a command', () => {
  expect(defuseCommands('::set-output name=a::b')).toBe(': :set-output name=a::b')
  expect(defuseCommands('x\n  ::error::y ##[group]z a::b')).toBe('x\n  : :error::y ## [group]z a::b')
})
