import { SqlSyntaxError } from '../../../../src/sql/parser.ts'

/** What the parser says, and of which place; null: nothing. Other errors are thrown on. */
export function syntaxErrorOf(parse: () => unknown): { offset: number; message: string } | null {
  try {
    parse()
    return null
  } catch (error) {
    if (error instanceof SqlSyntaxError) return { offset: error.offset, message: error.message }
    throw error
  }
}
