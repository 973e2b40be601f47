import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { splitStatements } from '../../support/redshift/sql/statement.ts'
import { render } from '../../support/redshift/sql/token.ts'
import { tokenise } from '../../support/redshift/sql/tokenise.ts'

const tokens = (sql: string): string[] => tokenise(sql).map(({ kind, value }) => `${kind} ${value}`)

describe('tokenise', () => {
  test.each([
    [`Select "A""B", 'x''y'`, ['word select', 'quoted a"b', 'symbol ,', "string x'y"]],
    [String.raw`'a\'b' '\\' '\n'`, ["string a'b", 'string \\', 'string \n']],
    [
      `a::int+-1.5e3 -- b\n/* c /* d */ e */ <>$1`,
      [
        'word a',
        'symbol ::',
        'word int',
        'symbol +',
        'symbol -',
        'number 1.5e3',
        'symbol <>',
        'parameter $1',
      ],
    ],
    ['$$ a; b $$ $x$ $$ $x$', ['dollar  a; b ', 'dollar  $$ ']],
    ['größe.😀 É', ['word größe', 'symbol .', 'word 😀', 'word É']],
    ['a*/*b*/-c->>d', ['word a', 'symbol *', 'symbol -', 'word c', 'symbol ->>', 'word d']],
    ['x=-1', ['word x', 'symbol =', 'symbol -', 'number 1']],
  ])('%s', (sql, expected) => {
    expect(tokens(sql)).toEqual(expected)
  })

  test('loses nothing but what follows the last token', () => {
    const part = fc.constantFrom(
      'a',
      '"B"',
      `'c'`,
      String.raw`'\''`,
      '::',
      '(',
      ' ',
      '\n',
      '-- d\n',
      '/* e */',
      '+',
      '1.5',
      '$1',
      '$$f$$',
      ';',
    )
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const sql = parts.join('')
        const read = tokenise(sql)
        const end = read.at(-1)?.end ?? 0
        expect(render(read)).toBe(sql.slice(0, end))
        expect(read.every((token) => sql.slice(token.start, token.end) === token.text)).toBe(true)
      }),
    )
  })
})

test('statements end at semicolons that stand in no string, name or comment', () => {
  const sql = ` ;select ';' ; -- ;\n select "a;b" /* ; */ ;; select $$;$$`
  expect(splitStatements(sql).map((statement) => statement.text)).toEqual([
    `select ';'`,
    `select "a;b"`,
    'select $$;$$',
  ])
})
