import type { ParsedStatement, SqlParser } from '../../../../src/sql/parser.ts'

/** Reads texts that hold one statement each. */
export const readOne =
  (parser: SqlParser) =>
  (text: string): ParsedStatement => {
    const [statement, ...others] = parser.parse(text)
    if (statement === undefined || others.length > 0) throw new Error('there has to be one statement')
    return statement
  }
